using System.Runtime.InteropServices;

namespace OrleansPayments.Silo.Hosting.Failpoints;

/// <summary>The process that this runs in.</summary>
internal static class OwnProcess
{
    private const int SigKill = 9;

    /// <summary>Ends it as a power failure would: nothing is flushed, nothing is said. Returns never.</summary>
    public static void Kill()
    {
        _ = Send(Environment.ProcessId, SigKill);

        // Only where kill(2) refuses.
        Environment.FailFast("The process could not be killed at a failpoint.");
    }

    // kill(2)
    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int process, int signal);
}
