package dev.moraine.node.http.door;

import dev.moraine.node.genesis.GenesisFile;
import dev.moraine.node.http.HttpAnswer;
import dev.moraine.node.http.HttpRoutes;
import dev.moraine.node.http.MetricsText;
import dev.moraine.node.http.WorkerThreads;
import dev.moraine.proofs.committee.Committee;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What every door offers: health, measurements, and the genesis file. */
final class CommonRoutes {
    private static final int SCRAPERS = 4;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private CommonRoutes() {}

    /**
     * Health: status 200 while all is well, else 503.
     *
     * @param path where
     * @param isWell whether all is well
     * @param facts what to say besides; the first member of the answer is {@code status}
     * @return the route
     */
    static HttpRoutes health(String path, BooleanSupplier isWell, Supplier<Map<String, Object>> facts) {
        return new HttpRoutes.Context()
                .get(path, (_, reply) -> reply.send(
                        HttpAnswer.json(isWell.getAsBoolean() ? OK : UNAVAILABLE, facts.get())))
                .conclude();
    }

    /**
     * Measurements for Prometheus.
     *
     * @param workers runs the sources
     * @param sources who knows measurements
     * @return the route
     */
    static HttpRoutes metrics(WorkerThreads workers, List<MetricsText.Source> sources) {
        return new HttpRoutes.Context()
                .get("/metrics", workers.running(_ -> {
                    MetricsText metrics = new MetricsText();
                    sources.forEach(source -> source.write(metrics));
                    return HttpAnswer.text(OK, MetricsText.CONTENT_TYPE, metrics.toString());
                }))
                .conclude();
    }

    /**
     * The genesis file.
     *
     * @param committee the committee
     * @return the route
     */
    static HttpRoutes genesis(Committee committee) {
        byte[] file = GenesisFile.format(committee);
        return new HttpRoutes.Context()
                .get("/v1/genesis", (_, reply) -> reply.send(HttpAnswer.bytes(OK, HttpAnswer.JSON, file)))
                .conclude();
    }

    /** {@return threads for measurements, so that a scrape never waits behind other work} */
    static WorkerThreads scrapers() {
        return new WorkerThreads("scrapes", SCRAPERS);
    }
}
