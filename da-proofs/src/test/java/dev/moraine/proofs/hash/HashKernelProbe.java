package dev.moraine.proofs.hash;

/** A program that says which kernel its process hashes with, for tests that start it with properties of their own. */
final class HashKernelProbe {
    private HashKernelProbe() {}

    /**
     * Prints the name of the kernel, or fails as any program would.
     *
     * @param arguments not used
     */
    public static void main(String[] arguments) {
        System.out.println("kernel=" + Sha256.kernelName());
    }
}
