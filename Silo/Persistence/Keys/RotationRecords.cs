using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence.Keys;

/// <summary>What the database remembers of rotations: when each was, how many keys it wrapped anew, and which request asked for it.</summary>
internal static class RotationRecords
{
    public static Task AddAsync(KeyTransaction locked, MasterKey key, string? idempotencyKey, DateTimeOffset at, CancellationToken cancellation) =>
        locked.ExecuteAsync(
            "INSERT INTO payments.master_key_rotation (master_key, idempotency_key, started_at) VALUES ($1, $2, $3) ON CONFLICT (master_key) DO NOTHING",
            cancellation, key.Id, (object?)idempotencyKey ?? DBNull.Value, at.UtcDateTime);

    /// <summary>Adds to the number of keys that were wrapped anew, in the transaction that wraps them.</summary>
    public const string CountSql = "UPDATE payments.master_key_rotation SET rewrapped = rewrapped + $2 WHERE master_key = $1";

    public static Task FinishAsync(KeyTransaction locked, MasterKey key, DateTimeOffset at, CancellationToken cancellation) => locked.ExecuteAsync(
        "UPDATE payments.master_key_rotation SET finished_at = $2 WHERE master_key = $1 AND finished_at IS NULL", cancellation, key.Id, at.UtcDateTime);

    /// <summary>The rotation that this request asked for; null when it asked for none.</summary>
    public static Task<RotationRecord?> OfRequestAsync(KeyTransaction locked, string idempotencyKey, CancellationToken cancellation) => FindAsync(
        locked, "SELECT master_key, finished_at, rewrapped FROM payments.master_key_rotation WHERE idempotency_key = $1", idempotencyKey, cancellation);

    /// <summary>The rotation to this key; null when there was none.</summary>
    public static Task<RotationRecord?> ToKeyAsync(KeyTransaction locked, string masterKeyId, CancellationToken cancellation) => FindAsync(
        locked, "SELECT master_key, finished_at, rewrapped FROM payments.master_key_rotation WHERE master_key = $1", masterKeyId, cancellation);

    /// <summary>
    /// After a crash: a rotation whose key never got into the key file did not happen, and one that has nothing left to do but to say so is finished.
    /// </summary>
    public static async Task TidyAsync(KeyTransaction locked, MasterKeySet set, DateTimeOffset at, CancellationToken cancellation)
    {
        await locked.ExecuteAsync(
            "DELETE FROM payments.master_key_rotation WHERE finished_at IS NULL AND master_key <> ALL($1)", cancellation, (object)set.Ids.ToArray()).ConfigureAwait(false);
        if (set.Previous.IsEmpty) await FinishAsync(locked, set.Current, at, cancellation).ConfigureAwait(false);
    }

    private static async Task<RotationRecord?> FindAsync(KeyTransaction locked, string sql, string value, CancellationToken cancellation)
    {
        var rows = await locked.ReadAsync(
            sql,
            reader => new RotationRecord(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt64(2)),
            cancellation, value).ConfigureAwait(false);
        return rows.Count == 0 ? null : rows[0];
    }
}

/// <param name="FinishedAt">Null until everything was wrapped by the new key.</param>
/// <param name="Rewrapped">Keys, so far.</param>
internal sealed record RotationRecord(string MasterKeyId, DateTimeOffset? FinishedAt, long Rewrapped);
