package dev.moraine.node.process;

import dev.moraine.ingest.journal.CertificateJournal;
import dev.moraine.ingest.journal.JournalContext;
import dev.moraine.ingest.journal.JournalException;
import dev.moraine.ingest.pipeline.IngestContext;
import dev.moraine.node.config.ConfigKey;
import dev.moraine.node.config.Configuration;
import dev.moraine.node.config.GatewayKeys;
import dev.moraine.node.config.SharedKeys;
import dev.moraine.node.gateway.Gateway;
import dev.moraine.node.http.HttpLimits;
import dev.moraine.node.http.HttpServer;
import dev.moraine.node.http.door.AltDaSettings;
import dev.moraine.node.http.door.GatewayDoorSettings;
import dev.moraine.node.http.door.GatewayDoors;
import dev.moraine.node.http.door.JournalMetrics;
import dev.moraine.proofs.certificate.KeyFile;
import dev.moraine.proofs.certificate.KeyFileException;
import dev.moraine.proofs.certificate.Namespace;
import dev.moraine.proofs.certificate.WriterKey;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.wire.transport.ConnectionLimits;
import dev.moraine.wire.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/** A gateway made from its configuration. Thread-safe. */
public final class GatewayProcess implements AutoCloseable {
    /** Bytes that a connection may hold beside the slivers: offers, certificates and what readers ask for. */
    private static final long OUTBOUND_RESERVE_BYTES = 16L << 20;

    private final WriterKey key;
    private final Transport transport;
    private final CertificateJournal journal;
    private final Gateway gateway;
    private final GatewayDoors doors;

    private GatewayProcess(
            WriterKey key,
            Transport transport,
            CertificateJournal journal,
            Gateway gateway,
            GatewayDoors doors) {
        this.key = key;
        this.transport = transport;
        this.journal = journal;
        this.gateway = gateway;
        this.doors = doors;
    }

    /**
     * Warms up, starts the write path and opens the doors.
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
        CertificateJournal journal = null;
        Gateway gateway = null;
        boolean isStarted = false;
        try {
            GatewayDoorSettings settings = doors(configuration);
            new KernelWarmUp(committee.geometry(), SystemNanoClock.INSTANCE, isEnding)
                    .encode(configuration.get(SharedKeys.WARM_UP_MS));
            transport = Deployment.transport(configuration);
            journal = journal(configuration, committee);
            settings.furtherMetrics(List.of(new JournalMetrics(journal.counters())));
            long sendWindowBytes = configuration.get(GatewayKeys.SEND_WINDOW_BYTES);
            gateway = Gateway.open(new Gateway.Context()
                    .committee(committee)
                    .writerKey(key)
                    .transport(transport)
                    .connectionLimits(new ConnectionLimits.Context()
                            .maxOutboundBytes(sendWindowBytes + OUTBOUND_RESERVE_BYTES)
                            .conclude())
                    .ingest(ingest(configuration).journal(journal)));
            GatewayDoors doors = GatewayDoors.open(gateway, committee, settings);
            isStarted = true;
            return new GatewayProcess(key, transport, journal, gateway, doors);
        } catch (IOException | JournalException | IllegalArgumentException | IllegalStateException e) {
            throw new ProcessException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!isStarted && gateway != null) {
                gateway.close();
            }
            if (!isStarted && journal != null) {
                journal.close();
            }
            if (!isStarted) {
                key.destroy();
            }
            if (!isStarted && transport != null) {
                transport.close();
            }
        }
    }

    /**
     * Where batches are posted and read.
     *
     * @return the address with the port that it got
     */
    public InetSocketAddress httpAddress() {
        return doors.address();
    }

    /**
     * Where the OP Stack's interface is.
     *
     * @return the address with the port that it got, or null if it is not wanted
     */
    public @Nullable InetSocketAddress altDaAddress() {
        return doors.altDaAddress();
    }

    /** Closes the doors, finishes those in flight within a bounded time, and closes connections. */
    @Override
    public void close() {
        doors.close();
        gateway.close();
        journal.close();
        transport.close();
        key.destroy();
    }

    private static GatewayDoorSettings doors(Configuration configuration) throws ProcessException {
        long maxBlobBytes = configuration.get(GatewayKeys.MAX_BLOB_BYTES);
        GatewayDoorSettings settings = new GatewayDoorSettings()
                .server(server(configuration, GatewayKeys.HTTP_ADDRESS))
                .maxBlobBytes(maxBlobBytes);
        Namespace namespace = configuration.find(GatewayKeys.ALT_DA_NAMESPACE);
        return namespace == null
                ? settings
                : settings.altDa(AltDaSettings.of(
                        server(configuration, GatewayKeys.ALT_DA_ADDRESS),
                        namespace,
                        configuration.get(GatewayKeys.ALT_DA_RETAIN_EPOCHS),
                        configuration.path(GatewayKeys.ALT_DA_FOLDER)));
    }

    private static HttpServer.Context server(Configuration configuration, ConfigKey<InetSocketAddress> key)
            throws ProcessException {
        long maxBlobBytes = configuration.get(GatewayKeys.MAX_BLOB_BYTES);
        HttpLimits limits = new HttpLimits.Context()
                .maxConnections(Math.toIntExact(configuration.get(GatewayKeys.HTTP_MAX_CONNECTIONS)))
                .maxConnectionsPerAddress(
                        Math.toIntExact(configuration.get(GatewayKeys.HTTP_MAX_CONNECTIONS_PER_ADDRESS)))
                .maxBodyBytes((int) Math.min(Integer.MAX_VALUE, maxBlobBytes))
                .bodyMemoryBytes(configuration.get(GatewayKeys.HTTP_BODY_MEMORY))
                .conclude();
        return new HttpServer.Context()
                .address(ListenRule.resolve(
                        key.path(), configuration.get(key), configuration.get(SharedKeys.ALLOW_PLAINTEXT)))
                .limits(limits);
    }

    private static WriterKey key(Configuration configuration) throws ProcessException {
        try {
            return KeyFile.readWriter(configuration.path(SharedKeys.KEY));
        } catch (KeyFileException e) {
            throw new ProcessException(String.valueOf(e.getMessage()), e);
        }
    }

    private static CertificateJournal journal(Configuration configuration, Committee committee)
            throws JournalException {
        return CertificateJournal.open(new JournalContext()
                .folder(configuration.path(GatewayKeys.JOURNAL_FOLDER))
                .committee(committee)
                .currentEpoch(() -> committee.epochs().epochAt(SystemEpochClock.INSTANCE.time()))
                .maxBytes(configuration.get(GatewayKeys.JOURNAL_MAX_BYTES))
                .maxEntries(Math.toIntExact(configuration.get(GatewayKeys.JOURNAL_MAX_ENTRIES))));
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
