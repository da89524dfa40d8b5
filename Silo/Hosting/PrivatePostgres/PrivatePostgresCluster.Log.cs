namespace OrleansPayments.Silo.Hosting.PrivatePostgres;

public sealed partial class PrivatePostgresCluster
{
    [LoggerMessage(1, LogLevel.Information, "Creating a private PostgreSQL {Major} cluster in {Folder}")]
    private static partial void LogCreating(ILogger logger, int major, string folder);

    [LoggerMessage(2, LogLevel.Information, "Private PostgreSQL started as process {ProcessId} of user {User}; cluster {Folder}")]
    private static partial void LogStarted(ILogger logger, int processId, string user, string folder);

    [LoggerMessage(3, LogLevel.Information, "Adopted the private PostgreSQL that an earlier silo left running as process {ProcessId}; cluster {Folder}")]
    private static partial void LogAdopted(ILogger logger, int processId, string folder);

    [LoggerMessage(4, LogLevel.Warning, "Removed a postmaster.pid that names process {ProcessId}, which is not a server of {Folder}")]
    private static partial void LogStaleFileRemoved(ILogger logger, int processId, string folder);

    [LoggerMessage(5, LogLevel.Warning, "The private PostgreSQL left running in {Folder} cannot be reached through its socket; it is restarted")]
    private static partial void LogUnreachable(ILogger logger, string folder);

    [LoggerMessage(6, LogLevel.Information, "Private PostgreSQL stopped; cluster {Folder}")]
    private static partial void LogStopped(ILogger logger, string folder);

    [LoggerMessage(7, LogLevel.Warning, "Private PostgreSQL did not stop within {TimeoutSeconds} s and is stopped at once; the next start replays its log")]
    private static partial void LogStopForced(ILogger logger, double timeoutSeconds);

    [LoggerMessage(8, LogLevel.Warning, "An old log file of the private PostgreSQL in {Folder} could not be removed")]
    private static partial void LogPruneFailed(ILogger logger, Exception exception, string folder);
}
