package dev.moraine.wire.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.moraine.wire.message.AssemblyState;
import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.ChunksAssembler;
import dev.moraine.wire.message.Decoded;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MessageCodec;
import dev.moraine.wire.message.MessageLimits;
import dev.moraine.wire.message.SymbolsAnswer;
import dev.moraine.wire.message.SymbolsAssembler;
import dev.moraine.wire.sbe.BundleGrantDecoder;
import dev.moraine.wire.sbe.BundleOfferDecoder;
import dev.moraine.wire.sbe.BundleRefusedDecoder;
import dev.moraine.wire.sbe.BundleSignedDecoder;
import dev.moraine.wire.sbe.BusyDecoder;
import dev.moraine.wire.sbe.CertificateAnswerDecoder;
import dev.moraine.wire.sbe.CertificateKeptDecoder;
import dev.moraine.wire.sbe.CertificatePutDecoder;
import dev.moraine.wire.sbe.ChunksAnswerDecoder;
import dev.moraine.wire.sbe.FailureDecoder;
import dev.moraine.wire.sbe.FeedAnswerDecoder;
import dev.moraine.wire.sbe.GetCertificateDecoder;
import dev.moraine.wire.sbe.GetChunksDecoder;
import dev.moraine.wire.sbe.GetFeedDecoder;
import dev.moraine.wire.sbe.GetHealthDecoder;
import dev.moraine.wire.sbe.GetMetadataDecoder;
import dev.moraine.wire.sbe.GetSliverDecoder;
import dev.moraine.wire.sbe.GetStatusDecoder;
import dev.moraine.wire.sbe.GetSymbolsDecoder;
import dev.moraine.wire.sbe.GetVerdictDecoder;
import dev.moraine.wire.sbe.HealthAnswerDecoder;
import dev.moraine.wire.sbe.HelloDecoder;
import dev.moraine.wire.sbe.MetadataAnswerDecoder;
import dev.moraine.wire.sbe.PingDecoder;
import dev.moraine.wire.sbe.PongDecoder;
import dev.moraine.wire.sbe.SliverDataDecoder;
import dev.moraine.wire.sbe.StatusAnswerDecoder;
import dev.moraine.wire.sbe.SymbolsAnswerDecoder;
import dev.moraine.wire.sbe.VerdictAnswerDecoder;
import dev.moraine.wire.sbe.WelcomeDecoder;
import dev.moraine.wire.sbe.MessageHeaderDecoder;
import dev.moraine.wire.sbe.MessageHeaderEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/**
 * Every message, with any bytes: it is taken or refused as malformed, and what is taken has exactly the bytes that it
 * was read from. Then whatever is made of several messages. In a build, the committed seeds run; CONTRIBUTING.md says
 * how to search for more.
 */
@Tag("fuzz")
class DecoderFuzzTest {
    private static final int EXPECTED_SYMBOLS = 4;
    private static final int MAX_PROOF_BYTES = 1 << 16;

    @FuzzTest
    void message(byte[] data) {
        decode(data);
    }

    @FuzzTest
    void hello(byte[] data) {
        body(HelloDecoder.TEMPLATE_ID, HelloDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void welcome(byte[] data) {
        body(WelcomeDecoder.TEMPLATE_ID, WelcomeDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void failure(byte[] data) {
        body(FailureDecoder.TEMPLATE_ID, FailureDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void busy(byte[] data) {
        body(BusyDecoder.TEMPLATE_ID, BusyDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void ping(byte[] data) {
        body(PingDecoder.TEMPLATE_ID, PingDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void pong(byte[] data) {
        body(PongDecoder.TEMPLATE_ID, PongDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void bundleOffer(byte[] data) {
        body(BundleOfferDecoder.TEMPLATE_ID, BundleOfferDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void bundleGrant(byte[] data) {
        body(BundleGrantDecoder.TEMPLATE_ID, BundleGrantDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void sliverData(byte[] data) {
        body(SliverDataDecoder.TEMPLATE_ID, SliverDataDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void bundleSigned(byte[] data) {
        body(BundleSignedDecoder.TEMPLATE_ID, BundleSignedDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void bundleRefused(byte[] data) {
        body(BundleRefusedDecoder.TEMPLATE_ID, BundleRefusedDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void certificatePut(byte[] data) {
        body(CertificatePutDecoder.TEMPLATE_ID, CertificatePutDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void certificateKept(byte[] data) {
        body(CertificateKeptDecoder.TEMPLATE_ID, CertificateKeptDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void getMetadata(byte[] data) {
        body(GetMetadataDecoder.TEMPLATE_ID, GetMetadataDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void metadataAnswer(byte[] data) {
        body(MetadataAnswerDecoder.TEMPLATE_ID, MetadataAnswerDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void getCertificate(byte[] data) {
        body(GetCertificateDecoder.TEMPLATE_ID, GetCertificateDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void certificateAnswer(byte[] data) {
        body(CertificateAnswerDecoder.TEMPLATE_ID, CertificateAnswerDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void getSliver(byte[] data) {
        body(GetSliverDecoder.TEMPLATE_ID, GetSliverDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void getSymbols(byte[] data) {
        body(GetSymbolsDecoder.TEMPLATE_ID, GetSymbolsDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void symbolsAnswer(byte[] data) {
        body(SymbolsAnswerDecoder.TEMPLATE_ID, SymbolsAnswerDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void getChunks(byte[] data) {
        body(GetChunksDecoder.TEMPLATE_ID, GetChunksDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void chunksAnswer(byte[] data) {
        body(ChunksAnswerDecoder.TEMPLATE_ID, ChunksAnswerDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void getStatus(byte[] data) {
        body(GetStatusDecoder.TEMPLATE_ID, GetStatusDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void statusAnswer(byte[] data) {
        body(StatusAnswerDecoder.TEMPLATE_ID, StatusAnswerDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void getFeed(byte[] data) {
        body(GetFeedDecoder.TEMPLATE_ID, GetFeedDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void feedAnswer(byte[] data) {
        body(FeedAnswerDecoder.TEMPLATE_ID, FeedAnswerDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void getVerdict(byte[] data) {
        body(GetVerdictDecoder.TEMPLATE_ID, GetVerdictDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void verdictAnswer(byte[] data) {
        body(VerdictAnswerDecoder.TEMPLATE_ID, VerdictAnswerDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void getHealth(byte[] data) {
        body(GetHealthDecoder.TEMPLATE_ID, GetHealthDecoder.BLOCK_LENGTH, data);
    }

    @FuzzTest
    void healthAnswer(byte[] data) {
        body(HealthAnswerDecoder.TEMPLATE_ID, HealthAnswerDecoder.BLOCK_LENGTH, data);
    }

    /** Answers, each after its length in two bytes. */
    @FuzzTest
    void symbolsOfSeveralAnswers(byte[] data) {
        SymbolsAssembler assembler = new SymbolsAssembler(EXPECTED_SYMBOLS, MAX_PROOF_BYTES);
        for (Message message : messages(data)) {
            if (message instanceof SymbolsAnswer answer) {
                AssemblyState state = assembler.add(answer);
                if (state == AssemblyState.COMPLETE) {
                    for (int i = 0; i < EXPECTED_SYMBOLS; i++) {
                        byte[] proof = assembler.proof(i);
                        if (assembler.failure(i) == null) {
                            assertNotNull(proof);
                            assertTrue(proof.length <= MAX_PROOF_BYTES);
                        } else {
                            assertNull(proof);
                        }
                    }
                    return;
                }
                if (state == AssemblyState.INVALID) {
                    return;
                }
            }
        }
    }

    /** Answers, each after its length in two bytes. */
    @FuzzTest
    void chunksOfSeveralAnswers(byte[] data) {
        ChunksAssembler assembler = new ChunksAssembler(MAX_PROOF_BYTES);
        int came = 0;
        for (Message message : messages(data)) {
            if (message instanceof ChunksAnswer answer) {
                AssemblyState state = assembler.add(answer);
                if (state == AssemblyState.INVALID) {
                    return;
                }
                came += answer.proofs().length;
                if (state == AssemblyState.COMPLETE) {
                    assertEquals(came, assembler.proof().length);
                    return;
                }
            }
        }
    }

    /** Puts the right header before what is to be a body. */
    private static void body(int templateId, int blockLength, byte[] body) {
        byte[] encoded = new byte[MessageLimits.HEADER_BYTES + body.length];
        new MessageHeaderEncoder()
                .wrap(new UnsafeBuffer(encoded), 0)
                .blockLength(blockLength)
                .templateId(templateId)
                .schemaId(MessageHeaderDecoder.SCHEMA_ID)
                .version(MessageHeaderDecoder.SCHEMA_VERSION);
        System.arraycopy(body, 0, encoded, MessageLimits.HEADER_BYTES, body.length);
        decode(encoded);
    }

    private static @Nullable Message decode(byte[] encoded) {
        if (!(MessageCodec.decode(ByteBuffer.wrap(encoded)) instanceof Decoded.Accepted(Message message))) {
            return null;
        }
        assertEquals(encoded.length, MessageCodec.encodedLength(message));
        byte[] again = new byte[encoded.length];
        MessageCodec.encode(message, new UnsafeBuffer(again), 0);
        assertArrayEquals(encoded, again);
        return message;
    }

    private static List<Message> messages(byte[] data) {
        List<Message> messages = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        while (in.remaining() >= Short.BYTES) {
            byte[] encoded = new byte[Math.min(Short.toUnsignedInt(in.getShort()), in.remaining())];
            in.get(encoded);
            Message message = decode(encoded);
            if (message != null) {
                messages.add(message);
            }
        }
        return messages;
    }
}
