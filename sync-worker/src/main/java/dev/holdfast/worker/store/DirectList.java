package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Lists by {@link DirectCall}, and keeps of an answer only what is asked for: a replay
 * lists a whole bucket, and the SDK builds a tree of every answer first.
 */
final class DirectList {

	/**
	 * More than a page of a thousand of the longest keys has, and that as often as a
	 * replay lists at a time: the line is shared.
	 */
	private static final long BYTES_ON_THE_LINE = 8 * 2_000_000;

	private static final String RESULT = "ListBucketResult";

	private final StoreProperties properties;

	private final DirectCall direct;

	DirectList(StoreProperties properties, DirectCall direct) {
		this.properties = properties;
		this.direct = direct;
	}

	private static XMLInputFactory xml() {
		XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
		factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
		factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
		factory.setProperty(XMLInputFactory.IS_COALESCING, true);
		return factory;
	}

	/**
	 * A page of a listing.
	 *
	 * @param last whether there is no other one
	 * @param next where to go on, where the store says it
	 */
	record Page(List<ObjectPage.Entry> objects, boolean last, @Nullable String next) {

	}

	/**
	 * Lists a page.
	 * @param after only keys after this one
	 * @param token where the page before said to go on
	 */
	Page list(String prefix, @Nullable String after, @Nullable String token)
			throws StoreException, InterruptedException {
		String path = this.direct.base().getRawPath();
		SdkHttpRequest.Builder request = SdkHttpRequest.builder()
			.method(SdkHttpMethod.GET)
			.uri(this.direct.base())
			// As the SDK asks: the bucket's own path ends with no slash.
			.encodedPath((path.length() > 1) ? path.substring(0, path.length() - 1) : path)
			.putHeader("User-Agent", "holdfast")
			.putRawQueryParameter("list-type", "2")
			.putRawQueryParameter("encoding-type", "url")
			.putRawQueryParameter("prefix", prefix);
		if (after != null) {
			request.putRawQueryParameter("start-after", after);
		}
		if (token != null) {
			request.putRawQueryParameter("continuation-token", token);
		}
		return S3Call.calling("list", prefix, () -> this.direct.send(request.build(), null,
				this.properties.putTimeout(BYTES_ON_THE_LINE), (_, body) -> read(body)));
	}

	/**
	 * Reads an answer.
	 * @throws IOException where it is no listing: to take it for an empty one would be to
	 * say that there are no objects
	 */
	static Page read(InputStream body) throws IOException {
		try {
			XMLStreamReader reader = xml().createXMLStreamReader(body);
			try {
				Page page = page(reader);
				body.transferTo(OutputStream.nullOutputStream());
				return page;
			}
			finally {
				reader.close();
			}
		}
		catch (XMLStreamException | IllegalArgumentException ex) {
			throw new IOException("The answer is no listing of a bucket: " + ex.getMessage(), ex);
		}
	}

	private static Page page(XMLStreamReader reader) throws XMLStreamException {
		reader.nextTag();
		reader.require(XMLStreamConstants.START_ELEMENT, null, RESULT);
		List<ObjectPage.Entry> objects = new ArrayList<>();
		boolean encoded = false;
		boolean truncated = false;
		String next = null;
		while (reader.nextTag() == XMLStreamConstants.START_ELEMENT) {
			switch (reader.getLocalName()) {
				case "Contents" -> objects.add(entry(reader));
				case "EncodingType" -> encoded = reader.getElementText().equals("url");
				case "IsTruncated" -> truncated = Boolean.parseBoolean(reader.getElementText());
				case "NextContinuationToken" -> next = reader.getElementText();
				default -> skip(reader);
			}
		}
		if (truncated && next == null && objects.isEmpty()) {
			throw new XMLStreamException("it goes on, and does not say where");
		}
		// Only now is it known how the keys are to be read.
		return new Page(encoded ? objects.stream().map(DirectList::decoded).toList() : objects, !truncated, next);
	}

	private static ObjectPage.Entry entry(XMLStreamReader reader) throws XMLStreamException {
		String key = null;
		long size = -1;
		String etag = "";
		while (reader.nextTag() == XMLStreamConstants.START_ELEMENT) {
			switch (reader.getLocalName()) {
				case "Key" -> key = reader.getElementText();
				case "Size" -> size = Long.parseLong(reader.getElementText());
				case "ETag" -> etag = S3Call.unquoted(reader.getElementText());
				default -> skip(reader);
			}
		}
		if (key == null || size < 0) {
			throw new XMLStreamException("an object without key or size");
		}
		return new ObjectPage.Entry(key, size, etag);
	}

	private static ObjectPage.Entry decoded(ObjectPage.Entry entry) {
		return new ObjectPage.Entry(SdkHttpUtils.urlDecode(entry.key()), entry.size(), entry.etag());
	}

	/** To the end of the element that has just begun. */
	private static void skip(XMLStreamReader reader) throws XMLStreamException {
		for (int depth = 1; depth > 0;) {
			switch (reader.next()) {
				case XMLStreamConstants.START_ELEMENT -> depth++;
				case XMLStreamConstants.END_ELEMENT -> depth--;
				default -> {
					// Text, which is not asked for.
				}
			}
		}
	}

}
