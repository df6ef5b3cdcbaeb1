package dev.moraine.sampling.light;

import dev.moraine.proofs.blob.BlobHeader;
import dev.moraine.sampling.read.SymbolReply;

/** Takes symbols that were verified, so that somebody else can be served with them (protocol, section 8). */
public interface SymbolSink {
    /** Keeps nothing. */
    SymbolSink NONE = (_, _) -> {};

    /**
     * Takes a symbol.
     *
     * @param header the header of its blob
     * @param reply a reply with a proof
     */
    void onVerified(BlobHeader header, SymbolReply reply);
}
