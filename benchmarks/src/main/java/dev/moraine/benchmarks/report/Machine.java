package dev.moraine.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a benchmark ran on.
 *
 * @param cpu the processor's own name for itself
 * @param processors how many the JVM sees
 * @param os name and version of the operating system
 * @param jvm name and version of the JVM
 * @param loadAverage processes that wanted to run in the last minute, as the benchmark began
 */
public record Machine(String cpu, int processors, String os, String jvm, double loadAverage) {
    /**
     * This machine.
     *
     * @return its description
     */
    public static Machine here() {
        return new Machine(
                cpuName(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /**
     * The same as a line of text.
     *
     * @return the line
     */
    public String describe() {
        return cpu + ", " + processors + " processors, " + os + ", " + jvm + ", load " + loadAverage;
    }

    private static String cpuName() {
        Path description = Path.of("/proc/cpuinfo");
        String model = "";
        String family = "";
        try {
            for (String line : Files.readAllLines(description)) {
                if (model.isEmpty() && line.startsWith("model name")) {
                    model = line.substring(line.indexOf(':') + 1).strip();
                } else if (family.isEmpty() && line.startsWith("model\t")) {
                    family = " (model " + line.substring(line.indexOf(':') + 1).strip() + ")";
                }
            }
        } catch (IOException e) {
            return System.getProperty("os.arch", "unknown");
        }
        return model.isEmpty() ? System.getProperty("os.arch", "unknown") : model + family;
    }
}
