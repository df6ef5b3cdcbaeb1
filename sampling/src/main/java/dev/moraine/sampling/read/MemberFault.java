package dev.moraine.sampling.read;

/**
 * One failure of one member.
 *
 * @param member the member's place in the committee
 * @param kind how it failed
 * @param detail what was asked for and what came, for people
 */
public record MemberFault(int member, FaultKind kind, String detail) {
    @Override
    public String toString() {
        return "member " + member + " " + kind + ": " + detail;
    }
}
