package dev.moraine.node.storagenode;

import dev.moraine.sampling.serve.ReadAgent;
import dev.moraine.wire.message.BundleOffer;
import dev.moraine.wire.message.CertificatePut;
import dev.moraine.wire.message.ClientMessage;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.transport.PeerChannel;
import dev.moraine.wire.transport.PeerServer;
import java.util.function.Function;

/**
 * Hands every message to the agent that it is for. On event loops: it queues and copies, and does nothing else.
 * Thread-safe.
 */
final class NodeHandler implements PeerServer.Handler {
    private final AdmissionAgent admission;
    private final ReadAgent reading;
    private final Runnable wakeReading;
    private final PeerServices services;
    private final Answers answers;
    private final Function<PeerChannel, BundleReceiver> receivers;

    /**
     * Serves connections.
     *
     * @param admission takes offers and certificates
     * @param reading takes reads
     * @param wakeReading tells whoever runs the reads that there is something to do
     * @param services take what other nodes ask
     * @param answers says no
     * @param receivers makes the receiver of a new connection
     */
    NodeHandler(
            AdmissionAgent admission,
            ReadAgent reading,
            Runnable wakeReading,
            PeerServices services,
            Answers answers,
            Function<PeerChannel, BundleReceiver> receivers) {
        this.admission = admission;
        this.reading = reading;
        this.wakeReading = wakeReading;
        this.services = services;
        this.answers = answers;
        this.receivers = receivers;
    }

    @Override
    public void onOpened(PeerChannel channel) {
        BundleReceiver receiver = receivers.apply(channel);
        channel.attach(receiver);
        admission.add(receiver);
    }

    @Override
    public void onMessage(PeerChannel from, Message message) {
        switch (message) {
            case BundleOffer offer -> {
                BundleReceiver receiver = receiverOf(from);
                receiver.onOffer(offer, waiting -> admission.offer(receiver, waiting));
            }
            case SliverData piece -> receiverOf(from).onSliverData(piece);
            case CertificatePut put -> {
                if (!admission.offer(from, put)) {
                    answers.busy(from, put.requestId());
                }
            }
            case ClientMessage request when reading.onRequest(from, request) -> wakeReading.run();
            case ClientMessage request when services.onRequest(from, request) -> {}
            default ->
                answers.fail(from, message.requestId(), FailureCode.UNEXPECTED_MESSAGE, "no node expects this message");
        }
    }

    @Override
    public void onWritable(PeerChannel channel) {
        wakeReading.run();
    }

    @Override
    public void onClosed(PeerChannel channel) {
        BundleReceiver receiver = receiverOf(channel);
        admission.remove(receiver);
        receiver.close();
    }

    private static BundleReceiver receiverOf(PeerChannel channel) {
        if (channel.attachment() instanceof BundleReceiver receiver) {
            return receiver;
        }
        throw new IllegalStateException("a connection was never opened");
    }
}
