package dev.moraine.wire.fuzz;

import dev.moraine.testing.Seed;
import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageCodec;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.RandomMessages;
import dev.moraine.wire.message.SymbolAnswer;
import dev.moraine.wire.message.SymbolsAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the seeds of {@link DecoderFuzzTest} and of {@code FrameDecoderFuzzTest}: a good encoding for each target, the
 * same one with a bit flipped, and the same one cut. The same ones in every run. Its argument is the folder of resources
 * {@code dev/moraine/wire}.
 */
final class CorpusWriter {
    private static final int MAX_SEED_BYTES = 512;

    private final Path messages;
    private final Path frames;
    private final Random random = new Random(1);

    private CorpusWriter(Path folder) {
        messages = folder.resolve("fuzz/DecoderFuzzTestInputs");
        frames = folder.resolve("transport/FrameDecoderFuzzTestInputs");
    }

    /**
     * Writes the corpus.
     *
     * @param args the folder
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        CorpusWriter writer = new CorpusWriter(Path.of(args[0]));
        writer.writeMessages();
        writer.writeAnswers();
        writer.writeFrames();
    }

    private void writeMessages() throws IOException {
        for (Function<Random, Message> maker : RandomMessages.MAKERS) {
            Message message = maker.apply(random);
            byte[] encoded = encoded(message);
            while (encoded.length > MAX_SEED_BYTES) {
                message = maker.apply(random);
                encoded = encoded(message);
            }
            String type = message.getClass().getSimpleName();
            String target = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
            byte[] body = Arrays.copyOfRange(encoded, MessageLimits.HEADER_BYTES, encoded.length);
            write(messages.resolve(target), body);
            if (type.equals("SymbolsAnswer")) {
                write(messages.resolve("message"), encoded);
            }
        }
    }

    private void writeAnswers() throws IOException {
        byte[] proof = Seed.bytes(random, 100);
        SymbolAnswer begun = new SymbolAnswer(null, 0, 100, Arrays.copyOf(proof, 60));
        SymbolAnswer ended = new SymbolAnswer(null, 60, 100, Arrays.copyOfRange(proof, 60, 100));
        SymbolAnswer whole = SymbolAnswer.whole(Seed.bytes(random, 20));
        SymbolAnswer failed = SymbolAnswer.failed(FailureCode.NOT_FOUND);
        write(
                messages.resolve("symbolsOfSeveralAnswers"),
                behindLengths(
                        new SymbolsAnswer(1, 0, false, List.of(whole, failed, begun)),
                        new SymbolsAnswer(1, 2, true, List.of(ended, whole))));
        write(
                messages.resolve("chunksOfSeveralAnswers"),
                behindLengths(
                        new ChunksAnswer(1, 0, 100, Arrays.copyOf(proof, 70)),
                        new ChunksAnswer(1, 70, 100, Arrays.copyOfRange(proof, 70, 100))));
    }

    private void writeFrames() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes(new byte[] {3, 50, 1, 7});
        for (int lengthBytes : new int[] {8, 300, 9}) {
            stream.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(lengthBytes).array());
            stream.writeBytes(Seed.bytes(random, lengthBytes));
        }
        write(frames.resolve("stream"), stream.toByteArray());
    }

    private void write(Path seeds, byte[] good) throws IOException {
        Files.createDirectories(seeds);
        String name = "good-" + Integer.toHexString(Arrays.hashCode(good));
        Files.write(seeds.resolve(name), good);
        byte[] flipped = good.clone();
        flipped[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(seeds.resolve(name + "-flipped"), flipped);
        Files.write(seeds.resolve(name + "-cut"), Arrays.copyOf(good, random.nextInt(good.length)));
    }

    private static byte[] behindLengths(Message... answers) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (Message answer : answers) {
            byte[] encoded = encoded(answer);
            joined.write(encoded.length);
            joined.write(encoded.length >> Byte.SIZE);
            joined.writeBytes(encoded);
        }
        return joined.toByteArray();
    }

    private static byte[] encoded(Message message) {
        byte[] bytes = new byte[MessageCodec.encodedLength(message)];
        MessageCodec.encode(message, new UnsafeBuffer(bytes), 0);
        return bytes;
    }
}
