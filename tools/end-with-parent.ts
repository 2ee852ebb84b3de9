/**
 * Loaded before a program (`node --import`) that was spawned with an `ipc` channel: when the process at the other end
 * is gone, however it died, this one is asked to stop. A `kill -9` of the demo so leaves nothing behind.
 */
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
// the channel alone is no reason to live on
process.channel?.unref();
