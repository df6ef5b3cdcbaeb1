package dev.moraine.node.devnet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Kills, pauses, resumes and starts nodes at random, never more than f of them out at a time. */
final class ChaosMonkey {
    private static final int LONGEST_CALM_MS = 700;

    private final Devnet devnet;
    private final int nodes;
    private final int faults;
    private final Random random;
    private final Map<Integer, ChildState> out = new ConcurrentHashMap<>();
    private final List<String> story = Collections.synchronizedList(new ArrayList<>());
    private final List<CompletableFuture<Void>> starts = new ArrayList<>();

    ChaosMonkey(Devnet devnet, int nodes, int faults, Random random) {
        this.devnet = devnet;
        this.nodes = nodes;
        this.faults = faults;
        this.random = random;
    }

    /** Rages for a while, and then brings everybody back. */
    List<String> rage(long seconds) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - endNs < 0) {
            List<Integer> down = whoIsOut();
            if (out.size() < faults && random.nextInt(3) != 0) {
                strike(healthy());
            } else if (!down.isEmpty()) {
                bringBack(down.get(random.nextInt(down.size())));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_CALM_MS)));
        }
        for (int node : whoIsOut()) {
            bringBack(node);
        }
        for (CompletableFuture<Void> start : starts) {
            start.get();
        }
        return story;
    }

    private List<Integer> whoIsOut() {
        return out.entrySet().stream()
                .filter(each -> each.getValue() != ChildState.STARTING)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private int healthy() {
        int node = random.nextInt(nodes);
        while (out.containsKey(node)) {
            node = random.nextInt(nodes);
        }
        return node;
    }

    private void strike(int node) throws DevnetException, InterruptedException {
        String name = "node-" + node;
        if (random.nextBoolean()) {
            devnet.kill(name);
            out.put(node, ChildState.ENDED);
            story.add("kill " + node);
        } else {
            devnet.pause(name);
            out.put(node, ChildState.PAUSED);
            story.add("pause " + node);
        }
    }

    private void bringBack(int node) throws DevnetException, InterruptedException {
        String name = "node-" + node;
        if (out.get(node) == ChildState.PAUSED) {
            devnet.resume(name);
            story.add("resume " + node);
            out.remove(node);
            return;
        }
        // A process takes its time to start, and the others must not be left in peace so long.
        out.put(node, ChildState.STARTING);
        starts.add(CompletableFuture.runAsync(
                () -> {
                    try {
                        devnet.start(name);
                        story.add("start " + node);
                        out.remove(node);
                    } catch (DevnetException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task)));
    }
}
