namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

/// <summary>How patient the silo is with its private cluster. Section <c>PrivatePostgres</c>.</summary>
public sealed class PrivatePostgresOptions
{
    /// <summary>How long a start waits for another silo to let go of the data folder. Default 10 s; 0 refuses at once.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a start may take, crash recovery included. Default 5 min.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a fast shutdown may take. Default 20 s. After it the cluster is stopped at once: nothing that was committed is lost, the next start
    /// replays the write-ahead log.
    /// </summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
