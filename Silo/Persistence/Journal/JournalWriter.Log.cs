namespace OrleansPayments.Silo.Persistence.Journal;

internal sealed partial class JournalWriter
{
    [LoggerMessage(1, LogLevel.Warning, "The outcome of a batch of {Count} appends is unknown; the writer recovers")]
    private partial void LogCommitUnknown(Exception exception, int count);

    [LoggerMessage(2, LogLevel.Warning, "The fence refused a batch of {Count} appends; the writer looks who owns its shards")]
    private partial void LogFenceRefused(int count);

    [LoggerMessage(3, LogLevel.Warning, "Attempt {Attempt} to reach the database again failed")]
    private partial void LogRecoveryFailed(Exception exception, int attempt);

    [LoggerMessage(4, LogLevel.Error, "The database is still away: {Unknown} appends are answered with an unknown outcome, {Refused} are refused")]
    private partial void LogPatienceLost(int unknown, int refused);

    [LoggerMessage(5, LogLevel.Information, "The writer has recovered; its batch of {Count} appends had been committed: {Committed}")]
    private partial void LogResolved(bool committed, int count);

    [LoggerMessage(6, LogLevel.Warning, "The database refused the data of an append to shard {Shard}: SQLSTATE {SqlState}")]
    private partial void LogRejected(string sqlState, int shard);

    [LoggerMessage(7, LogLevel.Critical, "The constraint {Constraint} refused a row of shard {Shard} that the fence had let pass; somebody wrote around it")]
    private partial void LogUniqueViolation(Exception exception, string constraint, int shard);

    [LoggerMessage(8, LogLevel.Critical, "The journal's writer failed and has stopped")]
    private partial void LogLoopFailed(Exception exception);

    [LoggerMessage(9, LogLevel.Debug, "A lost connection could not be closed in order")]
    private partial void LogCloseFailed(Exception exception);
}
