package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A replay that finds every replica in its place, against {@code rclone check} of the
 * same tree. Both are processes started for it; the JVM has an AOT cache from a first
 * replay, which does not count.
 */
final class Replay {

	private static final Duration AT_MOST = Duration.ofMinutes(30);

	private Replay() {
	}

	static List<Figure> run(Rig rig) throws IOException, InterruptedException {
		Settings settings = rig.settings();
		Tree tree = Tree.create(rig.volume(), "replayed", settings.replayFiles, settings.size, settings.seed);
		try (JavaPart worker = rig.startWorker()) {
			SmallFiles.replicate(rig, worker, tree);
		}
		Path cache = rig.work().resolve("replay.aot");
		replay(rig, "-XX:AOTCacheOutput=" + cache);
		String aot = "-XX:AOTCache=" + cache;
		List<Usage> ours = new ArrayList<>();
		List<Usage> theirs = new ArrayList<>();
		for (int round = 0; round < settings.rounds; round++) {
			if (round % 2 == 0) {
				theirs.add(check(rig, tree));
				ours.add(replay(rig, aot));
			}
			else {
				ours.add(replay(rig, aot));
				theirs.add(check(rig, tree));
			}
		}
		// A hundred thousand files more would be in the way of what is measured next.
		rig.remove(tree);
		String title = String.format(Locale.ROOT, "Replay of %,d events, all replicas there: ", settings.replayFiles);
		return List.of(
				Pairs.of(ours, theirs, Usage::wallSeconds)
					.advantage(title + "times faster than rclone check", "%.2f s", Figure.Target.atLeast(5)),
				Pairs.of(ours, theirs, Usage::cpuSeconds)
					.advantage(title + "times less CPU", "%.2f s", Figure.Target.NONE));
	}

	private static Usage replay(Rig rig, String option) throws IOException, InterruptedException {
		Duration before = ProcFs.cpuOfEndedChildren();
		long start = System.nanoTime();
		List<String> jvm = new ArrayList<>(rig.workerJvm());
		jvm.add(option);
		JavaPart replay = rig.launchWorker(jvm, List.of("replay", "--json"), 0);
		int status = replay.await(AT_MOST);
		long end = System.nanoTime();
		if (status != 0) {
			throw new IllegalStateException("the replay ended with status " + status + ": see " + rig.log("worker"));
		}
		return new Usage(Duration.ofNanos(end - start), ProcFs.cpuOfEndedChildren().minus(before));
	}

	/**
	 * Against the worker's replicas, so that both look at the same objects.
	 */
	private static Usage check(Rig rig, Tree tree) throws IOException, InterruptedException {
		return rig.rclone()
			.run("check", "--checkers", "32", tree.directory().toString(),
					Rclone.remote(rig.replicas().name() + "/" + rig.volume().name() + "/" + tree.name()));
	}

}
