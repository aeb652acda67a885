package dev.holdfast.standalone;

/**
 * What a person is told when everything runs.
 */
final class Banner {

	private Banner() {
	}

	static String of(Connection connection, DataDirectory data, String storeState) {
		Connection.S3 s3 = connection.s3();
		boolean local = s3.accessKey() != null;
		StringBuilder text = new StringBuilder("\nHoldfast runs.\n\n");
		line(text, "API", connection.url() + "/api/v1");
		line(text, "token", connection.token());
		connection.volumes().forEach((name, directory) -> line(text, "volume", name + " in " + directory));
		line(text, "store", "s3://" + s3.bucket() + " at " + ((s3.endpoint() != null) ? s3.endpoint() : "Amazon S3")
				+ (local ? ", on this machine, versioned" : ", your own bucket") + storeState);
		line(text, "Kafka", connection.kafka());
		line(text, "data", data.path().toString());
		line(text, "log", data.log().toString());
		line(text, "for scripts", DataDirectory.connectionFile(data.path()).toString());
		String volume = connection.volumes().keySet().stream().findFirst().orElse("media");
		text.append("\nTry, in another terminal:\n");
		text.append("  TOKEN=").append(connection.token()).append('\n');
		text.append("  curl -T logo.png -H \"Authorization: Bearer $TOKEN\" ")
			.append(connection.url())
			.append("/api/v1/media/")
			.append(volume)
			.append("/base/company/icon/logo.png\n");
		text.append("  ./holdfast status").append(dataOption(data)).append('\n');
		if (local) {
			// Not the secret key: what is printed here ends in journals. It is in the
			// file.
			text.append("  aws configure set aws_access_key_id ")
				.append(s3.accessKey())
				.append("      # its secret key is s3.secretKey in the file for scripts")
				.append("\n  aws --endpoint-url ")
				.append(s3.endpoint())
				.append(" s3 ls s3://")
				.append(s3.bucket())
				.append('/')
				.append(volume)
				.append("/base/company/icon/\n");
		}
		return text.append("\nCtrl-C stops it. What it holds stays, and the next start goes on with it.\n").toString();
	}

	private static String dataOption(DataDirectory data) {
		boolean isDefault = data.path().equals(Environment.ofProcess().defaultDataDirectory());
		return isDefault ? "" : " --data " + data.path();
	}

	private static void line(StringBuilder text, String name, String value) {
		text.append("  %-12s %s%n".formatted(name, value));
	}

}
