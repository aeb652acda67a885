package dev.holdfast.worker.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What is read out of a listing, and what is none. That a store answers so is the
 * contract's to say.
 */
class DirectListTest {

	@Test
	void keysAreDecodedWhereTheAnswerSaysThatTheyAreEncoded() throws IOException {
		DirectList.Page page = read(
				"""
						<?xml version="1.0" encoding="UTF-8"?>
						<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
						<Contents><Key>a+b/%C3%BC%2B%26</Key><LastModified>2026-11-22T00:00:00Z</LastModified>
						<ETag>&quot;abc&quot;</ETag><Size>7</Size><Owner><ID>x</ID><DisplayName>y</DisplayName></Owner></Contents>
						<CommonPrefixes><Prefix>p</Prefix></CommonPrefixes>
						<Contents><Size>8000000000</Size><Key>z</Key></Contents>
						<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
						<NextContinuationToken>go&amp;on</NextContinuationToken></ListBucketResult>""");
		assertThat(page.objects()).containsExactly(new ObjectPage.Entry("a b/ü+&", 7, "abc"),
				new ObjectPage.Entry("z", 8_000_000_000L, ""));
		assertThat(page.last()).isFalse();
		assertThat(page.next()).isEqualTo("go&on");
	}

	@Test
	void keysAreTakenAsTheyAreWhereTheAnswerDoesNotSayThatTheyAreEncoded() throws IOException {
		DirectList.Page page = read("<ListBucketResult><Contents><Key>a+b%20</Key><Size>1</Size></Contents>"
				+ "<IsTruncated>false</IsTruncated></ListBucketResult>");
		assertThat(page.objects()).containsExactly(new ObjectPage.Entry("a+b%20", 1, ""));
		assertThat(page.last()).isTrue();
	}

	@Test
	void anEmptyBucketIsListed() throws IOException {
		assertThat(read("<ListBucketResult/>").objects()).isEmpty();
	}

	@Test
	void whatIsNoListingIsNotAnEmptyOne() {
		for (String answer : new String[] { "", "<html><body>It works</body></html>", "<ListBucketResult><Contents>",
				"<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
				"<ListBucketResult><Contents><Key>a</Key><Size>many</Size></Contents></ListBucketResult>",
				"<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%</Key><Size>1</Size></Contents>"
						+ "</ListBucketResult>",
				"<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>" }) {
			assertThatIOException().as(answer).isThrownBy(() -> read(answer)).withMessageContaining("no listing");
		}
	}

	private static DirectList.Page read(String answer) throws IOException {
		return DirectList.read(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
	}

}
