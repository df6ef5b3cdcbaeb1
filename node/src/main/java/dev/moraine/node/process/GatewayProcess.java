package dev.moraine.node.process;

import dev.moraine.ingest.pipeline.IngestContext;
import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.GatewayKeys;
import dev.moraine.node.config.SharedKeys;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.proofs.certificate.KeyFile;
import dev.moraine.proofs.certificate.KeyFileException;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.transport.ConnectionLimits;
import dev.moraine.wire.transport.Transport;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemNanoClock;

/** A gateway made from its configuration. Thread-safe. */
public final class GatewayProcess implements AutoCloseable {
    /** Bytes that a connection may hold beside the slivers: offers, certificates and what readers ask for. */
    private static final long OUTBOUND_RESERVE_BYTES = 16L << 20;

    private final WriterKey key;
    private final Transport transport;
    private final Gateway gateway;

    private GatewayProcess(WriterKey key, Transport transport, Gateway gateway) {
        this.key = key;
        this.transport = transport;
        this.gateway = gateway;
    }

    /**
     * Warms up and starts the write path.
     *
     * @param configuration of {@link GatewayKeys#SCHEMA}
     * @param isEnding whether the process was told to end meanwhile; shortens the warm-up
     * @return the running gateway
     * @throws ProcessException if the configuration does not fit the deployment or the machine
     */
    public static GatewayProcess start(Configuration configuration, BooleanSupplier isEnding) throws ProcessException {
        Committee committee = Deployment.committee(configuration);
        WriterKey key = key(configuration);
        Transport transport = null;
        boolean isStarted = false;
        try {
            new KernelWarmUp(committee.geometry(), SystemNanoClock.INSTANCE, isEnding)
                    .encode(configuration.get(SharedKeys.WARM_UP_MS));
            transport = Deployment.transport(configuration);
            long sendWindowBytes = configuration.get(GatewayKeys.SEND_WINDOW_BYTES);
            Gateway gateway = Gateway.open(new Gateway.Context()
                    .committee(committee)
                    .writerKey(key)
                    .transport(transport)
                    .connectionLimits(new ConnectionLimits.Context()
                            .maxOutboundBytes(sendWindowBytes + OUTBOUND_RESERVE_BYTES)
                            .conclude())
                    .ingest(ingest(configuration)));
            isStarted = true;
            return new GatewayProcess(key, transport, gateway);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ProcessException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!isStarted) {
                key.destroy();
            }
            if (!isStarted && transport != null) {
                transport.close();
            }
        }
    }

    /**
     * The gateway.
     *
     * @return the running gateway, which this closes
     */
    public Gateway gateway() {
        return gateway;
    }

    /** Refuses new batches, finishes those in flight within a bounded time, and closes connections. */
    @Override
    public void close() {
        gateway.close();
        transport.close();
        key.destroy();
    }

    private static WriterKey key(Configuration configuration) throws ProcessException {
        try {
            return KeyFile.readWriter(configuration.path(SharedKeys.KEY));
        } catch (KeyFileException e) {
            throw new ProcessException(String.valueOf(e.getMessage()), e);
        }
    }

    private static IngestContext ingest(Configuration configuration) {
        return new IngestContext()
                .maxBlobBytes(configuration.get(GatewayKeys.MAX_BLOB_BYTES))
                .memoryBudgetBytes(configuration.get(GatewayKeys.MEMORY_BYTES))
                .ringSlots(Math.toIntExact(configuration.get(GatewayKeys.RING_SLOTS)))
                .encoders(Math.toIntExact(configuration.get(GatewayKeys.ENCODERS)))
                .maxBundleBatches(Math.toIntExact(configuration.get(GatewayKeys.MAX_BUNDLE_BATCHES)))
                .maxBundleBytes(configuration.get(GatewayKeys.MAX_BUNDLE_BYTES))
                .bundlesInFlight(Math.toIntExact(configuration.get(GatewayKeys.BUNDLES_IN_FLIGHT)))
                .maxUnansweredBatches(Math.toIntExact(configuration.get(GatewayKeys.MAX_UNANSWERED)))
                .nodeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(configuration.get(GatewayKeys.NODE_TIMEOUT_MS)))
                .tailTimeoutNs(TimeUnit.MILLISECONDS.toNanos(configuration.get(GatewayKeys.TAIL_TIMEOUT_MS)))
                .closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(configuration.get(GatewayKeys.CLOSE_TIMEOUT_MS)))
                .sendWindowBytes(configuration.get(GatewayKeys.SEND_WINDOW_BYTES))
                .certificateCacheEntries(Math.toIntExact(configuration.get(GatewayKeys.CERTIFICATE_CACHE)))
                .retryDelayMs(Math.toIntExact(configuration.get(GatewayKeys.RETRY_DELAY_MS)));
    }
}
