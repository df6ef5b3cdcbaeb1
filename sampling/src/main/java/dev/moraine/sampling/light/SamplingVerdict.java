package dev.moraine.sampling.light;

/** What a client concludes from its samples. */
public enum SamplingVerdict {
    /** The confidence is at least the wanted one. */
    SHOWN,
    /** The confidence is below the wanted one, which does not mean that the blob is lost. */
    NOT_SHOWN
}
