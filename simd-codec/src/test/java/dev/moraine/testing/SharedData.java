package dev.moraine.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Vectors and batches that lie beside the project and are not part of it. A test that wants one is skipped, and says
 * which file it missed, where there is none.
 */
public final class SharedData {
    private static final String PROPERTY_NAME = "moraine.shared";

    private SharedData() {}

    /**
     * Finds a file or folder of the shared data, or skips the test.
     *
     * @param relative the path below the shared folder
     * @return the existing path
     */
    public static Path require(String relative) {
        Path path = Path.of(System.getProperty(PROPERTY_NAME, "../../shared")).resolve(relative);
        Assumptions.assumeTrue(Files.exists(path), () -> "skipped: the shared test data " + path + " is not there");
        return path;
    }
}
