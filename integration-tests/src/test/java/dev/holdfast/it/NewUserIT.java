package dev.holdfast.it;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.holdfast.it.harness.Answer;
import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Api;
import dev.holdfast.it.harness.Bucket;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Distribution;
import dev.holdfast.it.harness.EventLog;
import dev.holdfast.it.harness.Http;
import dev.holdfast.it.harness.Ports;
import dev.holdfast.it.harness.ProcessPart;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Digest;
import dev.holdfast.s3endpoint.S3EndpointProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a new user does, with nothing but the {@code holdfast} script.
 */
@Tag("standalone")
class NewUserIT {

	/** How many uploads the killed instance takes before it dies. */
	private static final int UPLOADS = Integer.getInteger("holdfast.up.uploads", 250);

	private static final Map<String, String> ENVIRONMENT = Map.of("HOLDFAST_BUILD", "never", "HOLDFAST_JAVA",
			Distribution.javaHome().toString(), "HOLDFAST_JVM", "-XX:TieredStopAtLevel=1");

	private final int port = Ports.next();

	private Path directory = Path.of(".");

	private ProcessPart up = part("none", List.of());

	@BeforeEach
	void makeADataDirectory(TestInfo test) throws IOException {
		Files.createDirectories(Distribution.work());
		this.directory = Files.createTempDirectory(Distribution.work(),
				"up-" + test.getTestMethod().orElseThrow().getName());
		this.up = part("holdfast-up",
				List.of("up", "--data", data().toString(), "--port", Integer.toString(this.port)));
	}

	@AfterEach
	void kill() {
		this.up.kill();
	}

	@Test
	void fiveLines() throws IOException {
		byte[] logo = Bytes.random(1, 34_567);
		this.up.up();
		Connection connection = connection();
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(connectionFile())))
			.isEqualTo("rw-------");
		assertThat(connection.url().getPort()).isEqualTo(this.port);

		Api api = connection.api();
		Answer answer = api.put("media/base/company/icon/logo.png", logo);
		assertThat(answer.status()).as("%s", answer).isEqualTo(201);

		Stack.await("the file to be replicated")
			.until(() -> api.state("media/base/company/icon/logo.png"), "replicated"::equals);
		assertThat(holdfast("status").lines().findFirst()).hasValue("1 file, 1 replicated, oldest waiting: none");
		try (Bucket bucket = connection.bucket()) {
			assertThat(bucket.keys()).containsExactly("media/base/company/icon/logo.png");
			assertThat(bucket.bytes("media/base/company/icon/logo.png")).hasValue(logo);
		}
		assertThat(new EventLog(connection.kafka()).stored()).hasSize(1);

		assertThat(this.up.terminate()).as("exit status after SIGTERM").isZero();
		assertThat(this.up.log()).doesNotContain("ERROR", "Exception", connection.secretKey());
		this.up.up();
		Connection again = connection();
		assertThat(again).as("everything is where it was").isEqualTo(connection);
		assertThat(again.api().get("media/base/company/icon/logo.png").body()).isEqualTo(logo);
		assertThat(holdfast("status").lines().findFirst()).hasValue("1 file, 1 replicated, oldest waiting: none");
		try (Bucket bucket = again.bucket()) {
			assertThat(bucket.bytes("media/base/company/icon/logo.png")).hasValue(logo);
			assertThat(bucket.versions("media/base/company/icon/logo.png")).isEqualTo(1);
		}
	}

	@Test
	void killedDuringManyUploads() throws InterruptedException {
		this.up.up();
		Map<String, Digest> acknowledged = new ConcurrentHashMap<>();
		CountDownLatch answers = new CountDownLatch(UPLOADS);
		Api api = connection().api();
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int client = 0; client < 6; client++) {
				String prefix = "media/many/" + client + "/";
				clients.execute(() -> uploadWhileAnswered(api, prefix, acknowledged, answers));
			}
			answers.await();
			this.up.kill();
		}

		this.up.up();

		Api after = connection().api();
		try (Bucket bucket = connection().bucket()) {
			Stack.await("every acknowledged upload to be replicated")
				.atMost(Duration.ofMinutes(3))
				.untilAsserted(() -> assertThat(acknowledged.keySet())
					.allSatisfy((file) -> assertThat(after.state(file)).isEqualTo("replicated")));
			assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(UPLOADS)
				.allSatisfy((file, digest) -> assertThat(bucket.digest(file)).as(file).hasValue(digest));
		}
		assertThat(new EventLog(connection().kafka()).deadLetters()).isEmpty();
	}

	@Test
	void portInUseIsSaidInOneLine() throws IOException {
		try (ServerSocket other = new ServerSocket(this.port)) {
			this.up.start();
			assertThat(this.up.awaitExit()).isNotZero();
			assertThat(said()).hasSize(1).first().asString().contains(Integer.toString(other.getLocalPort()), "--port");
		}
	}

	@Test
	void directoryInUseIsSaidInOneLine() {
		this.up.up();
		ProcessPart second = part("second",
				List.of("up", "--data", data().toString(), "--port", Integer.toString(Ports.next())));
		second.start();

		assertThat(second.awaitExit()).isNotZero();

		assertThat(second.log().lines().filter((line) -> !line.startsWith("----"))).hasSize(1)
			.first()
			.asString()
			.contains(data().toString());
	}

	@Test
	void aBucketOfOnesOwn() throws IOException {
		String secret = "a secret of the user's own";
		int storePort = Ports.next();
		URI store = URI.create("http://127.0.0.1:" + storePort);
		Map<String, String> environment = new HashMap<>(ENVIRONMENT);
		environment.putAll(Map.of("AWS_STORAGE_BUCKET_NAME", "mine", "AWS_S3_ENDPOINT_URL", store.toString(),
				"AWS_S3_REGION_NAME", "eu-central-1", "AWS_ACCESS_KEY_ID", "AKUSER", "AWS_SECRET_ACCESS_KEY", secret,
				"AWS_S3_OBJECT_PARAMETERS", "{\"CacheControl\": \"max-age=86400\"}"));
		this.up = part("holdfast-up", List.of("up", "--data", data().toString(), "--port", Integer.toString(this.port)),
				environment);
		try (S3EndpointProcess _ = S3EndpointProcess.start(Distribution.s3Jars(), this.directory.resolve("store"),
				storePort); Bucket mine = new Bucket(store, "eu-central-1", "mine", "AKUSER", secret)) {
			mine.create(true);

			this.up.up();

			Api api = connection().api();
			assertThat(api.put("media/logo.png", Bytes.of("mine")).status()).isEqualTo(201);
			Stack.await("the file to be replicated").until(() -> api.state("media/logo.png"), "replicated"::equals);
			assertThat(mine.bytes("media/logo.png")).hasValue(Bytes.of("mine"));
			assertThat(mine.cacheControl("media/logo.png")).hasValue("max-age=86400");
			assertThat(connection().endpoint()).isEqualTo(store);
			assertThat(children()).as("no S3 endpoint of Holdfast's own").isEmpty();
			assertThat(Files.readString(connectionFile())).doesNotContain(secret, "AKUSER");
			assertThat(this.up.terminate()).isZero();
			assertThat(this.up.log()).contains("mine").doesNotContain(secret, "ERROR", "Exception");
		}
	}

	@Test
	void anS3EndpointThatDiesIsStartedAgain() throws IOException {
		this.up.up();
		Api api = connection().api();
		assertThat(api.put("media/before", Bytes.of("before")).status()).isEqualTo(201);
		Stack.await("the file to be replicated").until(() -> api.state("media/before"), "replicated"::equals);

		assertThat(children()).singleElement().satisfies((s3) -> assertThat(s3.destroyForcibly()).isTrue());
		assertThat(api.put("media/after", Bytes.of("after")).status()).isEqualTo(201);

		Stack.await("the file to be replicated").until(() -> api.state("media/after"), "replicated"::equals);
		try (Bucket bucket = connection().bucket()) {
			assertThat(bucket.keys()).containsExactlyInAnyOrder("media/before", "media/after");
		}
		assertThat(this.up.log()).contains("S3 endpoint ended by itself", "S3 endpoint runs again");
	}

	/** What the instance has started: its S3 endpoint. */
	private List<ProcessHandle> children() {
		long pid = JsonMapper.shared().readTree(connectionFile().toFile()).path("pid").asLong();
		return ProcessHandle.of(pid).orElseThrow().children().toList();
	}

	private void uploadWhileAnswered(Api api, String prefix, Map<String, Digest> acknowledged, CountDownLatch answers) {
		try {
			for (int i = 0; true; i++) {
				byte[] content = Bytes.random(prefix.hashCode() + i, 20_000);
				Acknowledged promise = Api.acknowledged(prefix + i, api.put(prefix + i, content), Digest.of(content));
				acknowledged.put(promise.file(), promise.digest());
				answers.countDown();
			}
		}
		catch (IOException _) {
			// Killed: what was not answered was not promised.
		}
	}

	/** Its lines, but for those of the test itself. */
	private List<String> said() {
		return this.up.log().lines().filter((line) -> !line.startsWith("----")).toList();
	}

	private String holdfast(String... arguments) {
		List<String> command = new ArrayList<>(List.of(arguments));
		command.addAll(List.of("--data", data().toString()));
		ProcessPart part = part("holdfast-" + arguments[0] + "-" + System.nanoTime(), command);
		part.start();
		assertThat(part.awaitExit()).as(part.log()).isZero();
		return part.log().substring(part.log().indexOf('\n') + 1);
	}

	private ProcessPart part(String name, List<String> arguments) {
		return part(name, arguments, ENVIRONMENT);
	}

	private ProcessPart part(String name, List<String> arguments, Map<String, String> environment) {
		List<String> command = new ArrayList<>(List.of(Distribution.root().resolve("holdfast").toString()));
		command.addAll(arguments);
		return new ProcessPart(name, command, environment, this.directory, this::isReady);
	}

	/** In this order: a killed instance leaves its connection file behind. */
	private boolean isReady() {
		return Http.isOk(URI.create("http://127.0.0.1:" + this.port + "/actuator/health/readiness"))
				&& Files.exists(connectionFile());
	}

	private Path data() {
		return this.directory.resolve("data");
	}

	private Path connectionFile() {
		return data().resolve("connection.json");
	}

	private Connection connection() {
		JsonNode json = JsonMapper.shared().readTree(connectionFile().toFile());
		JsonNode s3 = json.path("s3");
		return new Connection(URI.create(json.path("url").asString()), json.path("token").asString(),
				json.path("kafka").asString(), URI.create(s3.path("endpoint").asString()), s3.path("region").asString(),
				s3.path("bucket").asString(), s3.path("accessKey").asString(""), s3.path("secretKey").asString(""));
	}

	private record Connection(URI url, String token, String kafka, URI endpoint, String region, String bucketName,
			String accessKey, String secretKey) {

		Api api() {
			return new Api(this.url, this.token);
		}

		Bucket bucket() {
			return new Bucket(this.endpoint, this.region, this.bucketName, this.accessKey, this.secretKey);
		}

	}

}
