package dev.holdfast.it.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Stands between a worker and the S3 endpoint, and does there what networks, proxies and
 * broken stores do: loses answers, damages bytes, holds requests back, or claims to have
 * stored what it never stored.
 */
public final class FaultyStore implements AutoCloseable {

	// Hop by hop, or written by the client itself.
	private static final Set<String> NOT_FORWARDED = Set.of("connection", "content-length", "expect", "host",
			"transfer-encoding", "upgrade", "http2-settings");

	private final HttpServer server;

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final URI store;

	private volatile Fault fault = Fault.none();

	private FaultyStore(HttpServer server, URI store) {
		this.server = server;
		this.store = store;
	}

	/**
	 * Starts one in front of a store. It has no faults until it is given one.
	 */
	public static FaultyStore before(URI store) {
		try {
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
			FaultyStore faulty = new FaultyStore(server, store);
			server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
			server.createContext("/", faulty::handle);
			server.start();
			return faulty;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not start a proxy before " + store, ex);
		}
	}

	/**
	 * Its address.
	 */
	public URI uri() {
		return URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
	}

	/**
	 * Does this to requests from now on.
	 */
	public void fault(Fault fault) {
		this.fault = fault;
	}

	/**
	 * Behaves itself from now on.
	 */
	public void behave() {
		this.fault = Fault.none();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			Call call = new Call(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(),
					String.valueOf(exchange.getRequestURI().getRawQuery()), exchange,
					exchange.getRequestBody().readAllBytes());
			this.fault.handle(call, this::forward);
		}
		catch (InterruptedException _) {
			Thread.currentThread().interrupt();
		}
	}

	private Reply forward(Call call, byte[] body) throws IOException, InterruptedException {
		HttpExchange exchange = call.exchange();
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create(this.store + exchange.getRequestURI().toString()))
			.method(call.method(), (body.length > 0 || call.isPut()) ? HttpRequest.BodyPublishers.ofByteArray(body)
					: HttpRequest.BodyPublishers.noBody());
		exchange.getRequestHeaders().forEach((name, values) -> {
			if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
				values.forEach((value) -> request.header(name, value));
			}
		});
		HttpResponse<byte[]> response = this.client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
		return new Reply(response.statusCode(), response.headers().map(), response);
	}

	/**
	 * A request that came in.
	 *
	 * @param method its method
	 * @param path its path as sent
	 * @param query its query, {@code null} as text where there is none
	 * @param exchange the rest of it
	 * @param bytes its body
	 */
	@SuppressWarnings("ArrayRecordComponent") // lives for one request and is never
												// compared
	public record Call(String method, String path, String query, HttpExchange exchange, byte[] bytes) {

		/**
		 * Whether it puts an object or a part of one.
		 */
		public boolean isPut() {
			return this.method.equals("PUT");
		}

		/**
		 * Whether it puts the object of that key, which needs no encoding.
		 */
		public boolean puts(String key) {
			return isPut() && this.path.endsWith("/" + key);
		}

		/**
		 * Passes a reply on.
		 */
		public void answer(Reply reply) throws IOException {
			answer(reply.status(), reply.headers(), reply.response().body());
		}

		/**
		 * Answers by itself.
		 */
		public void answer(int status, Map<String, List<String>> headers, byte[] body) throws IOException {
			headers.forEach((name, values) -> {
				boolean written = NOT_FORWARDED.contains(name) && !this.method.equals("HEAD");
				if (!written && !name.equals("transfer-encoding") && !name.equals("connection")) {
					values.forEach((value) -> this.exchange.getResponseHeaders().add(name, value));
				}
			});
			boolean empty = body.length == 0 || this.method.equals("HEAD");
			this.exchange.sendResponseHeaders(status, empty ? -1 : body.length);
			if (!empty) {
				try (OutputStream out = this.exchange.getResponseBody()) {
					out.write(body);
				}
			}
		}

		/**
		 * Answers with an error as S3 words it.
		 */
		public void refuse(int status, String code) throws IOException {
			String body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>" + code
					+ " to order</Message></Error>";
			answer(status, Map.of("content-type", List.of("application/xml")), body.getBytes(StandardCharsets.UTF_8));
		}

		/**
		 * Breaks the connection off instead of answering.
		 */
		public void hangUp() {
			this.exchange.close();
		}

	}

	/**
	 * What the store answered.
	 *
	 * @param status the status
	 * @param headers the fields, names in lower case
	 * @param response all of it
	 */
	public record Reply(int status, Map<String, List<String>> headers, HttpResponse<byte[]> response) {
	}

	/** Passes a request on to the store. */
	@FunctionalInterface
	public interface Forward {

		/**
		 * Sends the call with this body.
		 */
		Reply send(Call call, byte[] body) throws IOException, InterruptedException;

	}

	/** What happens to a request. */
	@FunctionalInterface
	public interface Fault {

		/**
		 * Answers the call, or not.
		 */
		void handle(Call call, Forward store) throws IOException, InterruptedException;

		/**
		 * None.
		 */
		static Fault none() {
			return (call, store) -> call.answer(store.send(call, call.bytes()));
		}

		/**
		 * This fault for the calls that are meant, none for all others.
		 */
		default Fault on(Predicate<Call> meant) {
			return (call, store) -> (meant.test(call) ? this : none()).handle(call, store);
		}

		/**
		 * This fault the first times, none after.
		 */
		default Fault times(int times) {
			AtomicInteger left = new AtomicInteger(times);
			return (call, store) -> ((left.getAndDecrement() > 0) ? this : none()).handle(call, store);
		}

		/**
		 * Takes the bytes, stores nothing and says 200.
		 */
		static Fault pretend(Map<String, List<String>> headers) {
			return (call, store) -> call.answer(200, headers, new byte[0]);
		}

		/**
		 * Stores the bytes and loses the answer.
		 */
		static Fault loseAnswer() {
			return (call, store) -> {
				store.send(call, call.bytes());
				call.hangUp();
			};
		}

		/**
		 * Turns one bit of the body over.
		 */
		static Fault damage() {
			return (call, store) -> {
				byte[] damaged = call.bytes().clone();
				if (damaged.length > 0) {
					damaged[damaged.length / 2] ^= 1;
				}
				call.answer(store.send(call, damaged));
			};
		}

		/**
		 * Passes on only the first half of the body, as if that had been all.
		 */
		static Fault truncate() {
			return (call, store) -> call.answer(store.send(call, Arrays.copyOf(call.bytes(), call.bytes().length / 2)));
		}

	}

	/**
	 * Holds requests back until they are let go.
	 */
	public static final class Hold implements Fault {

		private final CountDownLatch arrived = new CountDownLatch(1);

		private final CountDownLatch released = new CountDownLatch(1);

		private final CountDownLatch answered = new CountDownLatch(1);

		private volatile int status;

		@Override
		public void handle(Call call, Forward store) throws IOException, InterruptedException {
			this.arrived.countDown();
			this.released.await();
			Reply reply = store.send(call, call.bytes());
			this.status = reply.status();
			this.answered.countDown();
			call.answer(reply);
		}

		/**
		 * Waits until a request is being held.
		 */
		public void awaitArrival() throws InterruptedException {
			if (!this.arrived.await(Stack.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				throw new AssertionError("No such request within " + Stack.PATIENCE);
			}
		}

		/**
		 * Lets what is held, and what comes, through to the store.
		 */
		public void release() {
			this.released.countDown();
		}

		/**
		 * Lets it go and waits for what the store says of it.
		 * @return the status
		 */
		public int releaseAndAwaitStatus() throws InterruptedException {
			release();
			if (!this.answered.await(Stack.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				throw new AssertionError("The store did not answer within " + Stack.PATIENCE);
			}
			return this.status;
		}

	}

}
