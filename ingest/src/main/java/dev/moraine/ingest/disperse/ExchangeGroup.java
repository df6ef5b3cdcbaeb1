package dev.moraine.ingest.disperse;

import dev.moraine.proofs.committee.Committee;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The talks with all nodes about one bundle, in the committee's order.
 *
 * <p>Belongs to the dispersal's thread.
 */
final class ExchangeGroup implements Iterable<NodeExchange> {
    private final Committee committee;
    private final List<NodeExchange> exchanges = new ArrayList<>();

    /**
     * A group without talks.
     *
     * @param committee whose members are talked to
     */
    ExchangeGroup(Committee committee) {
        this.committee = committee;
    }

    /**
     * Adds the talk with the next member.
     *
     * @param exchange the talk
     */
    void add(NodeExchange exchange) {
        exchanges.add(exchange);
    }

    /**
     * The talk with a member.
     *
     * @param member its index
     * @return the talk
     */
    NodeExchange of(int member) {
        return exchanges.get(member);
    }

    /**
     * The shards of some nodes.
     *
     * @param which picks them
     * @return how many they hold
     */
    int weight(Predicate<NodeExchange> which) {
        int weight = 0;
        for (int member = 0; member < exchanges.size(); member++) {
            weight += which.test(exchanges.get(member)) ? committee.weight(member) : 0;
        }
        return weight;
    }

    /** {@return what the nodes answered that did not sign, for people} */
    String describeUnsigned() {
        return exchanges.stream()
                .filter(exchange -> exchange.outcome() != NodeOutcome.SIGNED)
                .map(exchange ->
                        committee.members().get(exchange.member()).name() + ": " + exchange.describe())
                .collect(Collectors.joining(", "));
    }

    @Override
    public Iterator<NodeExchange> iterator() {
        return exchanges.iterator();
    }
}
