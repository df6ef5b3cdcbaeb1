package dev.moraine.codec;

/** A program that says which kernel its process runs on, for tests that start it with properties of their own. */
final class KernelProbe {
    private KernelProbe() {}

    /**
     * Prints the name of the kernel, or fails as any program would.
     *
     * @param arguments not used
     */
    public static void main(String[] arguments) {
        ReedSolomon.of(2, 4);
        System.out.println("kernel=" + ReedSolomon.kernelName());
    }
}
