using Npgsql;

namespace OrleansPayments.Benchmarks.Scenarios;

/// <summary>Looks, after the load, whether what was counted is there: in the journal, in the payments list, at the provider.</summary>
internal sealed class Verifier
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly string _database;
    private readonly long _capturedBefore;

    private Verifier(string database, long capturedBefore)
    {
        _database = database;
        _capturedBefore = capturedBefore;
    }

    public static async Task<Verifier> StartAsync(string database, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(database, cancellation);
        return new Verifier(database, await CapturedAsync(connection, cancellation));
    }

    /// <param name="captured">The payments that the callers were told are captured.</param>
    /// <param name="errors">Calls that ended otherwise; a payment of theirs may be captured all the same.</param>
    /// <param name="charges">What the provider did, by payment.</param>
    public async Task<Verification> VerifyAsync(
        IReadOnlyCollection<string> captured, long errors, IReadOnlyDictionary<string, int> charges, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(_database, cancellation);
        var started = TimeProvider.System.GetTimestamp();
        var behind = await BehindAsync(connection, cancellation);
        while (await BehindAsync(connection, cancellation) > 0)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException("The projection did not catch up.");
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }

        var catchUp = TimeProvider.System.GetElapsedTime(started);
        string[] ids = [.. captured];
        var faults = new List<string>();
        if (ids.Distinct(StringComparer.Ordinal).Count() != ids.Length) faults.Add("a payment was counted twice");

        var journal = await ScalarAsync(connection, "SELECT count(*) FROM payments.journal WHERE entity = ANY ($1)", cancellation, (object)ids);
        if (journal != 2L * ids.Length) faults.Add($"{ids.Length} payments have {journal} journal rows");

        var listed = await ScalarAsync(
            connection, "SELECT count(*) FROM payments.payment_list WHERE id = ANY ($1) AND status = 'captured' AND version = 2", cancellation, (object)ids);
        if (listed != ids.Length) faults.Add($"of {ids.Length} payments {listed} are captured in the list");

        var more = await CapturedAsync(connection, cancellation) - _capturedBefore - ids.Length;
        if (more < 0 || more > errors) faults.Add($"{more} payments more are captured than were counted");

        var uncharged = ids.Count(id => !charges.ContainsKey(id));
        if (uncharged > 0) faults.Add($"{uncharged} captured payments were never charged");
        var twice = charges.Count(charge => charge.Value > 1);
        if (twice > 0) faults.Add($"{twice} payments were charged more than once");
        return new Verification(ids.Length, charges.Values.Sum(), behind, catchUp, faults);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    private static Task<long> CapturedAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        ScalarAsync(connection, "SELECT count(*) FROM payments.payment_list WHERE status = 'captured'", cancellation);

    // Rows of the journal that the payments list has not taken in.
    private static Task<long> BehindAsync(NpgsqlConnection connection, CancellationToken cancellation) => ScalarAsync(
        connection,
        """
        SELECT ((SELECT sum(head) FROM payments.shard)
            - coalesce((SELECT sum(position) FROM payments.projection_checkpoint WHERE projection = 'payment_list'), 0))::bigint
        """,
        cancellation);

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
#pragma warning disable CA2100 // The texts are constants of this class.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
#pragma warning restore CA2100
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}

/// <param name="Captured">Payments counted as captured, those of the warm-up included.</param>
/// <param name="Charges">What the provider took, for them and a few before them.</param>
/// <param name="RowsBehind">Rows that the projection was behind when the load ended.</param>
/// <param name="CatchUp">How long it took to take them in.</param>
/// <param name="Faults">What does not agree; empty when all does.</param>
internal sealed record Verification(int Captured, int Charges, long RowsBehind, TimeSpan CatchUp, IReadOnlyList<string> Faults);
