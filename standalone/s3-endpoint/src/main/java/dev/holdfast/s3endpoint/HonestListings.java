package dev.holdfast.s3endpoint;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.adobe.testing.s3mock.s3.dto.ListBucketResult;
import com.adobe.testing.s3mock.s3.dto.ListBucketResultV2;
import com.adobe.testing.s3mock.s3.dto.S3Object;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import org.springframework.web.util.UriUtils;

/**
 * Leaves objects that a delete marker hides out of listings. S3Mock 5.2.0 lists them as
 * if they were still there, so that an emptied bucket looks full.
 */
@ControllerAdvice
final class HonestListings implements ResponseBodyAdvice<Object> {

	private final DeleteMarkers markers;

	HonestListings(DeleteMarkers markers) {
		this.markers = markers;
	}

	@Override
	public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converterType) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returnType, MediaType contentType,
			Class<? extends HttpMessageConverter<?>> converterType, ServerHttpRequest request,
			ServerHttpResponse response) {
		return switch (body) {
			case ListBucketResultV2 page -> {
				List<S3Object> visible = visible(page.getName(), page.getEncodingType(), page.getContents());
				yield new ListBucketResultV2(page.getCommonPrefixes(), visible, page.getContinuationToken(),
						page.getDelimiter(), page.getEncodingType(), page.isTruncated(),
						String.valueOf(visible.size() + sizeOf(page.getCommonPrefixes())), page.getMaxKeys(),
						page.getName(), page.getNextContinuationToken(), page.getPrefix(), page.getStartAfter());
			}
			case ListBucketResult page -> new ListBucketResult(page.getCommonPrefixes(),
					visible(page.getName(), page.getEncodingType(), page.getContents()), page.getDelimiter(),
					page.getEncodingType(), page.isTruncated(), page.getMarker(), page.getMaxKeys(), page.getName(),
					page.getNextMarker(), page.getPrefix());
			case null, default -> body;
		};
	}

	private static int sizeOf(@Nullable List<?> list) {
		return (list == null) ? 0 : list.size();
	}

	private List<S3Object> visible(@Nullable String bucketName, @Nullable String encoding,
			@Nullable List<S3Object> listed) {
		if (bucketName == null || listed == null) {
			return List.of();
		}
		return listed.stream()
			.filter((object) -> !this.markers.hides(bucketName,
					(encoding == null) ? object.getKey() : UriUtils.decode(object.getKey(), StandardCharsets.UTF_8)))
			.toList();
	}

}
