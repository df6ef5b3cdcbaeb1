package dev.moraine.node.cli;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Takes the signals that tell a process to end. A JVM that ends by a signal has the signal's number as its status, so a
 * process that wants to end with 0 has to take the signal itself. {@code sun.misc.Signal}, the only way to it, is
 * supported on every JDK but no part of Java, so it is reached by name.
 */
final class Signals {
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

    private Signals() {}

    /**
     * Lets something else happen than the end of the process.
     *
     * @param action is run for each signal, on a thread of the JVM's
     * @throws IllegalStateException if this Java knows no signals
     */
    static void onTermination(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, args) -> switch (
                            method.getName()) {
                        case "handle" -> {
                            action.run();
                            yield null;
                        }
                        case "equals" -> false;
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> "Signals";
                    });
            for (String name : NAMES) {
                signal.getMethod("handle", signal, handlerType)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java lets no process take signals: " + e, e);
        }
    }
}
