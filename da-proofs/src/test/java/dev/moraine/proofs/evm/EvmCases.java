package dev.moraine.proofs.evm;

/** How many random cases each comparison of Java and Solidity runs. */
public final class EvmCases {
    private static final int DEFAULT = 150;

    private EvmCases() {}

    /**
     * The number of cases.
     *
     * @return the property {@code moraine.evm.cases}, or a number that suits a build
     */
    public static int count() {
        String wanted = System.getProperty("moraine.evm.cases", "");
        return wanted.isEmpty() ? DEFAULT : Integer.parseInt(wanted);
    }
}
