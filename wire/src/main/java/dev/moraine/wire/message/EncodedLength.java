package dev.moraine.wire.message;

import dev.moraine.wire.sbe.BundleGrantEncoder;
import dev.moraine.wire.sbe.BundleOfferEncoder;
import dev.moraine.wire.sbe.BundleRefusedEncoder;
import dev.moraine.wire.sbe.BundleSignedEncoder;
import dev.moraine.wire.sbe.BusyEncoder;
import dev.moraine.wire.sbe.CertificateAnswerEncoder;
import dev.moraine.wire.sbe.CertificateKeptEncoder;
import dev.moraine.wire.sbe.CertificatePutEncoder;
import dev.moraine.wire.sbe.ChunksAnswerEncoder;
import dev.moraine.wire.sbe.FailureEncoder;
import dev.moraine.wire.sbe.FeedAnswerEncoder;
import dev.moraine.wire.sbe.GetCertificateEncoder;
import dev.moraine.wire.sbe.GetChunksEncoder;
import dev.moraine.wire.sbe.GetFeedEncoder;
import dev.moraine.wire.sbe.GetHealthEncoder;
import dev.moraine.wire.sbe.GetMetadataEncoder;
import dev.moraine.wire.sbe.GetSliverEncoder;
import dev.moraine.wire.sbe.GetStatusEncoder;
import dev.moraine.wire.sbe.GetSymbolsEncoder;
import dev.moraine.wire.sbe.GetVerdictEncoder;
import dev.moraine.wire.sbe.HealthAnswerEncoder;
import dev.moraine.wire.sbe.HelloEncoder;
import dev.moraine.wire.sbe.MetadataAnswerEncoder;
import dev.moraine.wire.sbe.PingEncoder;
import dev.moraine.wire.sbe.PongEncoder;
import dev.moraine.wire.sbe.SliverDataEncoder;
import dev.moraine.wire.sbe.StatusAnswerEncoder;
import dev.moraine.wire.sbe.SymbolsAnswerEncoder;
import dev.moraine.wire.sbe.VerdictAnswerEncoder;
import dev.moraine.wire.sbe.WelcomeEncoder;

/** How long the encodings of messages are. */
final class EncodedLength {
    private static final int GROUP_HEADER_BYTES = 4;
    private static final int DATA_HEADER_BYTES = 4;

    private EncodedLength() {}

    /** The length of a message in bytes, header included. */
    static int of(Message message) {
        return MessageLimits.HEADER_BYTES
                + switch (message) {
                    case SliverData data -> sliverData(data);
                    case ClientMessage client -> ofClient(client);
                    case NodeMessage node -> ofNode(node);
                };
    }

    private static int ofClient(ClientMessage message) {
        return switch (message) {
            case Hello _ -> HelloEncoder.BLOCK_LENGTH;
            case Ping _ -> PingEncoder.BLOCK_LENGTH;
            case BundleOffer offer ->
                BundleOfferEncoder.BLOCK_LENGTH
                        + group(offer.entries().size(), BundleOfferEncoder.EntriesEncoder.sbeBlockLength());
            case SliverData data -> sliverData(data);
            case CertificatePut put ->
                CertificatePutEncoder.BLOCK_LENGTH
                        + group(put.entries().size(), CertificatePutEncoder.EntriesEncoder.sbeBlockLength())
                        + data(put.certificate());
            case GetMetadata _ -> GetMetadataEncoder.BLOCK_LENGTH;
            case GetCertificate _ -> GetCertificateEncoder.BLOCK_LENGTH;
            case GetSliver _ -> GetSliverEncoder.BLOCK_LENGTH;
            case GetSymbols get ->
                GetSymbolsEncoder.BLOCK_LENGTH
                        + group(get.blobIds().size(), GetSymbolsEncoder.BlobsEncoder.sbeBlockLength())
                        + group(get.coordinates().size(), GetSymbolsEncoder.CoordinatesEncoder.sbeBlockLength());
            case GetChunks _ -> GetChunksEncoder.BLOCK_LENGTH;
            case GetStatus _ -> GetStatusEncoder.BLOCK_LENGTH;
            case GetFeed get ->
                GetFeedEncoder.BLOCK_LENGTH
                        + group(get.namespaces().size(), GetFeedEncoder.NamespacesEncoder.sbeBlockLength());
            case GetVerdict _ -> GetVerdictEncoder.BLOCK_LENGTH;
            case GetHealth _ -> GetHealthEncoder.BLOCK_LENGTH;
        };
    }

    private static int ofNode(NodeMessage message) {
        return switch (message) {
            case Welcome _ -> WelcomeEncoder.BLOCK_LENGTH;
            case Failure failure ->
                FailureEncoder.BLOCK_LENGTH + DATA_HEADER_BYTES + failure.text().length();
            case Busy _ -> BusyEncoder.BLOCK_LENGTH;
            case Pong _ -> PongEncoder.BLOCK_LENGTH;
            case BundleGrant grant ->
                BundleGrantEncoder.BLOCK_LENGTH
                        + group(grant.wantedEntries().size(), BundleGrantEncoder.WantedEncoder.sbeBlockLength());
            case SliverData data -> sliverData(data);
            case BundleSigned _ -> BundleSignedEncoder.BLOCK_LENGTH;
            case BundleRefused refused ->
                BundleRefusedEncoder.BLOCK_LENGTH
                        + group(refused.refusals().size(), BundleRefusedEncoder.RefusalsEncoder.sbeBlockLength());
            case CertificateKept _ -> CertificateKeptEncoder.BLOCK_LENGTH;
            case MetadataAnswer answer -> MetadataAnswerEncoder.BLOCK_LENGTH + data(answer.metadata());
            case CertificateAnswer answer -> CertificateAnswerEncoder.BLOCK_LENGTH + data(answer.blobCertificate());
            case SymbolsAnswer answer -> SymbolsAnswerEncoder.BLOCK_LENGTH + symbols(answer);
            case ChunksAnswer answer -> ChunksAnswerEncoder.BLOCK_LENGTH + data(answer.proofs());
            case StatusAnswer _ -> StatusAnswerEncoder.BLOCK_LENGTH;
            case FeedAnswer answer -> FeedAnswerEncoder.BLOCK_LENGTH + certificates(answer);
            case VerdictAnswer answer -> VerdictAnswerEncoder.BLOCK_LENGTH + data(answer.signature());
            case HealthAnswer _ -> HealthAnswerEncoder.BLOCK_LENGTH;
        };
    }

    private static int sliverData(SliverData data) {
        return SliverDataEncoder.BLOCK_LENGTH + DATA_HEADER_BYTES + (int) data.data().byteSize();
    }

    private static int data(byte[] bytes) {
        return DATA_HEADER_BYTES + bytes.length;
    }

    private static int group(int count, int blockLength) {
        return GROUP_HEADER_BYTES + count * blockLength;
    }

    private static int symbols(SymbolsAnswer answer) {
        int length = group(answer.symbols().size(), SymbolsAnswerEncoder.SymbolsEncoder.sbeBlockLength());
        for (SymbolAnswer symbol : answer.symbols()) {
            length += data(symbol.proof());
        }
        return length;
    }

    private static int certificates(FeedAnswer answer) {
        int length = group(answer.blobCertificates().size(), FeedAnswerEncoder.CertificatesEncoder.sbeBlockLength());
        for (byte[] certificate : answer.blobCertificates()) {
            length += data(certificate);
        }
        return length;
    }
}
