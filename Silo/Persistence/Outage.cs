using Npgsql;

namespace OrleansPayments.Silo.Persistence;

/// <summary>Tells a database that is away from one that refuses.</summary>
internal static class Outage
{
    /// <summary>The server is down, stopping or starting, or has ended the connection (class 57P); anything else that it says is an error of ours.</summary>
    public static bool Is(NpgsqlException e) =>
        e is not PostgresException refused || refused.IsTransient || refused.SqlState.StartsWith("57P", StringComparison.Ordinal);
}
