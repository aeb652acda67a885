package dev.holdfast.app.linux;

import java.util.Set;

/**
 * The file systems on which this kernel does not know all that write: those of networks,
 * of virtual machines' hosts and of programs. The numbers are those of
 * {@code linux/magic.h} and {@code statfs(2)}.
 */
final class SharedFileSystems {

	private static final int NFS = 0x6969;

	private static final int SMB = 0x517B;

	private static final int CIFS = 0xFF534D42;

	private static final int SMB2 = 0xFE534D42;

	/** Virtio's, too, and whatever a program offers. */
	private static final int FUSE = 0x65735546;

	private static final int PLAN_9 = 0x01021997;

	private static final int CEPH = 0x00C36400;

	private static final int AFS = 0x5346414F;

	private static final int KERNEL_AFS = 0x6B414653;

	private static final int CODA = 0x73757245;

	private static final int OCFS2 = 0x7461636F;

	private static final int GFS2 = 0x01161970;

	private static final int LUSTRE = 0x0BD00BD0;

	private static final int VIRTUAL_BOX = 0x786F4256;

	private static final int VMWARE = 0xBACBACBC;

	private static final Set<Integer> TYPES = Set.of(NFS, SMB, CIFS, SMB2, FUSE, PLAN_9, CEPH, AFS, KERNEL_AFS, CODA,
			OCFS2, GFS2, LUSTRE, VIRTUAL_BOX, VMWARE);

	private SharedFileSystems() {
	}

	/**
	 * Whether a type is one of them.
	 */
	static boolean isOne(int type) {
		return TYPES.contains(type);
	}

}
