package dev.moraine.sampling.repair;

import dev.moraine.sampling.feed.FeedPosition;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the feeds of the other nodes were followed, kept in a small file beside the store. It goes with the numbering
 * of the node's own certificates: of a store that has lost some, or is another one, it says nothing, and everything is
 * followed from the beginning. So it is when the file is lost or damaged, which costs time and nothing else.
 *
 * <p>The file is text: the id of the node's own feed, then a line {@code member feedId cursor} for each node. For one
 * thread.
 */
final class FollowedFeeds {
    private static final Logger LOGGER = System.getLogger(FollowedFeeds.class.getName());
    private static final String FILE = "followed.feeds";
    private static final String NEW_FILE = "followed.feeds.new";

    /** Far above what a committee needs. */
    private static final long MAX_FILE_BYTES = 1 << 16;

    private final @Nullable Path folder;
    private final long ownFeedId;
    private final List<FeedPosition> positions;
    private boolean isChanged;

    /**
     * Reads the file, if there is one that says anything.
     *
     * @param folder where it is, or null to keep nothing
     * @param members how many nodes the committee has
     * @param ownFeedId the numbering of the node's own certificates
     */
    FollowedFeeds(@Nullable Path folder, int members, long ownFeedId) {
        this.folder = folder;
        this.ownFeedId = ownFeedId;
        positions = new ArrayList<>(Collections.nCopies(members, FeedPosition.START));
        if (folder != null) {
            read(folder.resolve(FILE));
        }
    }

    FeedPosition position(int member) {
        return positions.get(member);
    }

    void setPosition(int member, FeedPosition position) {
        isChanged |= !positions.set(member, position).equals(position);
    }

    private void read(Path file) {
        try {
            if (!Files.exists(file) || Files.size(file) > MAX_FILE_BYTES) {
                return;
            }
            List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            if (lines.isEmpty() || Long.parseLong(lines.getFirst()) != ownFeedId) {
                return;
            }
            for (String line : lines.subList(1, lines.size())) {
                String[] words = line.split(" ", -1);
                positions.set(
                        Integer.parseInt(words[0]),
                        new FeedPosition(Long.parseLong(words[1]), Long.parseLong(words[2])));
            }
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            LOGGER.log(Level.WARNING, file + " cannot be read, so feeds are followed from their beginning", e);
            Collections.fill(positions, FeedPosition.START);
        }
    }

    /** Writes the file, if anything has changed. */
    void write() {
        if (folder == null || !isChanged) {
            return;
        }
        isChanged = false;
        List<String> lines = new ArrayList<>();
        lines.add(Long.toString(ownFeedId));
        for (int member = 0; member < positions.size(); member++) {
            FeedPosition position = positions.get(member);
            lines.add(member + " " + position.feedId() + " " + position.cursor());
        }
        try {
            Path written = folder.resolve(NEW_FILE);
            Files.write(written, lines, StandardCharsets.US_ASCII);
            Files.move(
                    written,
                    folder.resolve(FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "it cannot be noted how far feeds were followed", e);
        }
    }
}
