namespace OrleansPayments.Benchmarks.Database;

/// <summary>What a figure means depends on these.</summary>
internal sealed record ServerFacts(string Version, string Fsync, string SynchronousCommit, string FullPageWrites, string WalSyncMethod)
{
    private const string Off = "off";

    /// <exception cref="BenchmarkRefusedException">A commit on this server is not a commit.</exception>
    public void RefuseUnlessDurable()
    {
        if (Fsync == Off) throw new BenchmarkRefusedException("Refused: the server runs with fsync off. Payments that a power failure undoes are not worth counting.");
        if (SynchronousCommit == Off)
        {
            throw new BenchmarkRefusedException("Refused: the server runs with synchronous_commit off. It answers before a commit is on disk.");
        }
    }
}
