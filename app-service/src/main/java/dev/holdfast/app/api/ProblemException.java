package dev.holdfast.app.api;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with a problem (RFC 9457).
 */
public final class ProblemException extends RuntimeException {

	private final transient Problem problem;

	/**
	 * A problem.
	 * @param detail what is wrong with this request and what to do, for a person
	 */
	public ProblemException(ProblemType type, String detail) {
		this(new Problem(type, detail), null);
	}

	/**
	 * A problem with what caused it.
	 * @param detail what is wrong with this request and what to do, for a person
	 */
	public ProblemException(ProblemType type, String detail, Throwable cause) {
		this(new Problem(type, detail), cause);
	}

	private ProblemException(Problem problem, @Nullable Throwable cause) {
		super(problem.detail(), cause);
		this.problem = problem;
	}

	/**
	 * That there is no volume of a name, for someone who may have misspelt it.
	 * @param volumes those that there are
	 */
	public static ProblemException noSuchVolume(VolumeName name, Collection<VolumeName> volumes) {
		return new ProblemException(ProblemType.NO_SUCH_VOLUME, "There is no volume '" + name + "': there are "
				+ volumes.stream().map(VolumeName::value).collect(Collectors.joining(", ")));
	}

	/**
	 * The problem that an exception stands for.
	 */
	public static ProblemException of(Exception met) {
		return (met instanceof ProblemException problem) ? problem : new ProblemException(Problems.of(met), met);
	}

	/**
	 * The same with a header field on the answer.
	 */
	public ProblemException withHeader(String name, String value) {
		Map<String, String> headers = new LinkedHashMap<>(this.problem.headers());
		headers.put(name, value);
		return new ProblemException(
				new Problem(this.problem.type(), this.problem.detail(), headers, this.problem.members()), getCause());
	}

	/**
	 * The same with a further member in its body.
	 */
	public ProblemException withMember(String name, Object value) {
		Map<String, Object> members = new LinkedHashMap<>(this.problem.members());
		members.put(name, value);
		return new ProblemException(
				new Problem(this.problem.type(), this.problem.detail(), this.problem.headers(), members), getCause());
	}

	Problem problem() {
		return this.problem;
	}

}
