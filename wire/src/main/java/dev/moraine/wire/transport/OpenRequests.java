package dev.moraine.wire.transport;

import dev.moraine.wire.message.BundleGrant;
import dev.moraine.wire.message.ChunksAnswer;
import dev.moraine.wire.message.Message;
import dev.moraine.wire.message.SliverData;
import dev.moraine.wire.message.SymbolsAnswer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2LongHashMap;

/**
 * The requests of one connection that a node has not answered to their end. For the event loop of the connection.
 */
final class OpenRequests {
    /** What becomes of a request that came. */
    enum Admission {
        /** It is open now. */
        TAKEN,
        /** Too many are open. */
        TOO_MANY,
        /** One with this id is open. */
        ID_IN_USE
    }

    // No clock shows it in practice, and if it does, a request is found open a nanosecond later.
    private static final long NOT_OPEN = Long.MIN_VALUE;

    private final int maxRequests;
    private final int maxRequestsOfAddress;
    private final AddressBook.Use address;
    private final Long2LongHashMap lastMovedNs = new Long2LongHashMap(NOT_OPEN);

    OpenRequests(int maxRequests, int maxRequestsOfAddress, AddressBook.Use address) {
        this.maxRequests = maxRequests;
        this.maxRequestsOfAddress = maxRequestsOfAddress;
        this.address = address;
    }

    /** Opens a request, if it may be. */
    Admission open(long requestId, long nowNs) {
        if (lastMovedNs.containsKey(requestId)) {
            return Admission.ID_IN_USE;
        }
        if (lastMovedNs.size() >= maxRequests || !address.openRequest(maxRequestsOfAddress)) {
            return Admission.TOO_MANY;
        }
        lastMovedNs.put(requestId, Math.max(nowNs, NOT_OPEN + 1));
        return Admission.TAKEN;
    }

    /** Notes that a message of a request came. */
    void moved(long requestId, long nowNs) {
        if (lastMovedNs.containsKey(requestId)) {
            lastMovedNs.put(requestId, Math.max(nowNs, NOT_OPEN + 1));
        }
    }

    /** Notes an answer that goes out. */
    void answered(long requestId, boolean isEnd, long nowNs) {
        if (!isEnd) {
            moved(requestId, nowNs);
        } else if (lastMovedNs.remove(requestId) != NOT_OPEN) {
            address.closeRequests(1);
        }
    }

    /** Closes the requests on which nothing moved for a while, and gives their ids. */
    List<Long> expire(long afterNs, long nowNs) {
        if (lastMovedNs.isEmpty()) {
            return List.of();
        }
        List<Long> expired = new ArrayList<>();
        lastMovedNs.forEachLong((requestId, movedNs) -> {
            if (nowNs - movedNs > afterNs) {
                expired.add(requestId);
            }
        });
        for (long requestId : expired) {
            answered(requestId, true, nowNs);
        }
        return expired;
    }

    /** Closes all. */
    void clear() {
        address.closeRequests(lastMovedNs.size());
        lastMovedNs.clear();
    }

    int size() {
        return lastMovedNs.size();
    }

    /** Whether an answer is the last one of its request. */
    static boolean isEnd(Message answer) {
        return switch (answer) {
            case BundleGrant _ -> false;
            case SliverData data -> data.isLast();
            case SymbolsAnswer symbols -> symbols.isLast();
            case ChunksAnswer chunks -> chunks.isLast();
            default -> true;
        };
    }
}
