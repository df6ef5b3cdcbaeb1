package dev.moraine.ingest.journal;

/** Learns what became of a certificate that was given to the journal; exactly one method is called, by its thread. */
public interface DurabilityListener {
    /** The certificate survives a power cut, and is found by those who ask. */
    void onDurable();

    /**
     * The certificate was not kept.
     *
     * @param why for people
     */
    void onNotDurable(String why);
}
