namespace OrleansPayments.Silo.Persistence.Journal;

public sealed partial class PostgresJournal
{
    [LoggerMessage(10, LogLevel.Information, "The journal acquired {Shards} shards as {Owner}")]
    private partial void LogStarted(int shards, string owner);

    [LoggerMessage(11, LogLevel.Information, "The journal of {Owner} has stopped")]
    private partial void LogStopped(string owner);

    [LoggerMessage(12, LogLevel.Critical, "The journal of {Owner} has stopped for good: {Reason} Restart the silo, unless another one has taken over")]
    private partial void LogFenced(string reason, string owner);

    [LoggerMessage(13, LogLevel.Debug, "The shards' owner could not be read")]
    private partial void LogWatchFailed(Exception exception);
}
