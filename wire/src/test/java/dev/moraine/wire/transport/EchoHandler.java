package dev.moraine.wire.transport;

import dev.moraine.wire.message.CertificateAnswer;
import dev.moraine.wire.message.Failure;
import dev.moraine.wire.message.FailureCode;
import dev.moraine.wire.message.GetCertificate;
import dev.moraine.wire.message.GetHealth;
import dev.moraine.wire.message.GetMetadata;
import dev.moraine.wire.message.HealthAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.MetadataAnswer;

/** Answers with what it was asked; throws on certificates of a zero id, and never answers other requests for them. */
class EchoHandler implements PeerServer.Handler {
    @Override
    public void onMessage(PeerChannel from, Message message) {
        switch (message) {
            case GetMetadata get -> from.send(new MetadataAnswer(get.requestId(), get.blobId()));
            case GetHealth get -> from.send(new HealthAnswer(get.requestId(), 0, 1, 2, 3));
            case GetCertificate get -> {
                if (get.blobId()[0] == 0) {
                    throw new IllegalStateException("thrown by a test");
                }
                from.send(new CertificateAnswer(get.requestId(), get.blobId()));
            }
            default -> from.send(new Failure(message.requestId(), FailureCode.NOT_FOUND, "no such thing"));
        }
    }
}
