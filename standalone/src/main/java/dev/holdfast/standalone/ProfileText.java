package dev.holdfast.standalone;

import java.util.List;
import java.util.Locale;

import dev.holdfast.app.profile.Profile;
import dev.holdfast.app.profile.ProfileReport;
import dev.holdfast.app.profile.ProfileReport.Folder;
import dev.holdfast.app.profile.ProfileRoot;
import dev.holdfast.app.profile.Rule;
import dev.holdfast.app.profile.Tally;

/**
 * Profiles and what they find as text for people.
 */
final class ProfileText {

	private static final String INDENT = "    ";

	private ProfileText() {
	}

	static String list(List<Profile> profiles) {
		StringBuilder text = new StringBuilder();
		for (Profile profile : profiles) {
			text.append(String.format(Locale.ROOT, "%-12s %s; volumes: %s%n", profile.name(), profile.title(),
					profile.rootNames()));
		}
		return text.append("./holdfast profile show NAME tells what one does, and why.\n").toString();
	}

	static String show(Profile profile) {
		StringBuilder text = new StringBuilder();
		text.append(profile.name()).append(": ").append(profile.title()).append('\n');
		text.append(profile.about()).append('\n');
		for (ProfileRoot root : profile.roots()) {
			text.append('\n').append("volume ").append(root.volume());
			text.append((root.path() != null) ? ", " + root.path() + " in the app's container\n" : "\n");
			text.append("  ").append(root.holds()).append('\n');
			item(text, "mount", root.mount().holdfast(), root.mount().reason());
			if (root.owner() != null) {
				item(text, "owner", root.owner().user(), root.owner().reason());
			}
			rules(text, "include", root.include(), "everything that is not excluded");
			rules(text, "exclude", root.exclude(), "nothing");
			rules(text, "public", root.publicFiles(), "nothing");
			rules(text, "sensitive", root.sensitive(), "nothing named");
			item(text, "deletes", root.deletes().policy().text(), root.deletes().reason());
			limit(text, "more deletes than", root.guard().deletes());
			limit(text, "more changes than", root.guard().overwrites());
		}
		if (!profile.offVolume().isEmpty()) {
			text.append("\non no volume\n");
			profile.offVolume()
				.forEach((folder) -> item(text, folder.keep() ? "keep" : "may go", folder.path(),
						folder.holds() + " " + folder.reason()));
		}
		if (!profile.advice().isEmpty()) {
			text.append("\nadvice\n");
			profile.advice()
				.forEach((advice) -> text.append("  ")
					.append(advice.what())
					.append('\n')
					.append(INDENT)
					.append(advice.reason())
					.append('\n'));
		}
		return text.toString();
	}

	private static void rules(StringBuilder text, String name, List<Rule> rules, String none) {
		if (rules.isEmpty()) {
			text.append("  ").append(name).append(": ").append(none).append('\n');
		}
		rules.forEach((rule) -> item(text, name, rule.glob().toString(), rule.reason()));
	}

	private static void limit(StringBuilder text, String name, ProfileRoot.Limit limit) {
		item(text, name, String.format(Locale.ROOT, "%d files or %.0f %% within %d minutes are held", limit.files(),
				limit.share() * 100, limit.within().toMinutes()), limit.reason());
	}

	private static void item(StringBuilder text, String name, String value, String reason) {
		text.append("  ").append(name).append(": ").append(value).append('\n');
		text.append(INDENT).append(reason).append('\n');
	}

	static String report(ProfileReport report) {
		StringBuilder text = new StringBuilder();
		text.append("Profile ").append(report.profile()).append(", root ").append(report.root()).append(", of ");
		text.append(report.directory());
		text.append((report.volume() != null) ? ", which is volume " + report.volume() + "\n" : ", not a volume yet\n");
		line(text, "  protected", report.isProtected(), "", "");
		report.publicFiles().forEach((rule) -> line(text, "  of it public", rule.found(), rule.glob(), rule.reason()));
		report.sensitive().forEach((rule) -> line(text, "  of it sensitive", rule.found(), rule.glob(), rule.reason()));
		report.skipped().forEach((rule) -> line(text, "  skipped", rule.found(), rule.glob(), rule.reason()));
		line(text, "! not protected", report.notIncluded(), "", "no rule of the profile includes them");
		report.notProtected().forEach((one) -> line(text, "! not protected", one.found(), "", one.reason()));
		if (!report.folders().isEmpty()) {
			text.append("Where the app writes uploads, by its paths\n");
			report.folders().forEach((folder) -> folder(text, folder));
		}
		text.append(report.isSomethingUnprotected() ? "Something may be lost: see the lines that begin with !\n"
				: "Nothing unprotected was found.\n");
		return text.toString();
	}

	private static void line(StringBuilder text, String what, Tally found, String glob, String reason) {
		if (found.getFiles() == 0 && !what.endsWith(" protected")) {
			return;
		}
		if (found.getFiles() == 0 && what.startsWith("!")) {
			return;
		}
		text.append(String.format(Locale.ROOT, "%-18s %s, %s", what, files(found.getFiles()),
				StatusText.size(found.getBytes())));
		if (!glob.isEmpty()) {
			text.append("  ").append(glob);
		}
		text.append('\n');
		if (!reason.isEmpty()) {
			text.append(INDENT).append(reason).append('\n');
		}
		if (!found.getExamples().isEmpty()) {
			text.append(INDENT).append("for example ");
			text.append(String.join(", ", found.getExamples().stream().map(ProfileText::printable).toList()));
			text.append('\n');
		}
	}

	private static void folder(StringBuilder text, Folder folder) {
		text.append(folder.unprotected() ? "! " : "  ").append(folder.path()).append(": ");
		text.append(switch (folder.on()) {
			case VOLUME -> "on " + folder.mount();
			case CONTAINER -> "on NO volume"
					+ ((folder.mount() != null) ? " that lasts (" + folder.mount() + ")" : " in the compose file");
			case VOLUME_BY_DEFAULT -> "on a volume, where the app is run as its makers mean it";
			case CONTAINER_BY_DEFAULT -> "on NO volume, where the app is run as its makers mean it";
		});
		if (folder.files() != null) {
			text.append("; ").append(files(folder.files())).append(" at ").append(folder.seenAt());
		}
		text.append('\n').append(INDENT).append(folder.holds()).append('\n');
		if (folder.reason() != null) {
			text.append(INDENT).append(folder.reason()).append('\n');
		}
	}

	private static String files(long files) {
		return files + ((files == 1) ? " file" : " files");
	}

	private static String printable(String path) {
		return path.replaceAll("\\p{Cntrl}", "?");
	}

}
