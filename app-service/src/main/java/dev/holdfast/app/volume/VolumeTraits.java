package dev.holdfast.app.volume;

/**
 * What is special about a volume.
 *
 * @param rules which of its files scan and watch look after
 * @param readOnly whether Holdfast never writes to it
 */
public record VolumeTraits(FileRules rules, boolean readOnly) {

	/** Nothing is. */
	public static final VolumeTraits PLAIN = new VolumeTraits(FileRules.ALL, false);

}
