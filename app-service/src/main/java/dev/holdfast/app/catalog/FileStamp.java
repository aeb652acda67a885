package dev.holdfast.app.catalog;

/**
 * What the file system says of a file, for telling whether it may have changed.
 *
 * @param size length in bytes
 * @param modifiedNanos time of last modification, nanoseconds since the epoch
 * @param changedNanos time of last change of the inode, nanoseconds since the epoch
 * @param inode inode number
 */
public record FileStamp(long size, long modifiedNanos, long changedNanos, long inode) {

}
