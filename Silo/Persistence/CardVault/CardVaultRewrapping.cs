using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansPayments.Silo.Persistence.Keys;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence.CardVault;

/// <summary>Wraps the cards' keys by the current master key, some rows in one transaction, while cards are stored, opened and destroyed.</summary>
internal sealed partial class CardVaultRewrapping(PaymentsDatabase database, IOptions<CardVaultOptions> options, ILogger<CardVaultRewrapping> logger)
{
    private readonly int _batchSize = options.Value.BatchSize;

    /// <summary>One pass over the table; a card that is stored meanwhile with a previous key may be missed.</summary>
    /// <returns>How many keys.</returns>
    public async Task<long> PassAsync(MasterKeySet set, CancellationToken cancellation)
    {
        var total = 0L;
        var after = "";
        while (await RewrapBatchAsync(set, after, cancellation).ConfigureAwait(false) is { } batch)
        {
            total += batch.Rewrapped;
            after = batch.Last;
        }

        return total;
    }

    private async Task<(int Rewrapped, string Last)?> RewrapBatchAsync(MasterKeySet set, string after, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var payments = new List<string>();
        var wrapped = new List<byte[]>();
        await using (var select = new NpgsqlCommand(
            """
            SELECT payment, master_key, wrapped_key FROM payments.card_vault WHERE payment > $1 AND master_key = ANY($2)
            ORDER BY payment LIMIT $3 FOR UPDATE
            """,
            connection))
        {
            select.Parameters.Add(new() { Value = after });
            select.Parameters.Add(new() { Value = set.Previous.Select(key => key.Id).ToArray() });
            select.Parameters.Add(new() { Value = _batchSize });
            await using var reader = await select.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                payments.Add(reader.GetString(0));
                wrapped.Add(Rewrap(set, payments[^1], reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
            }
        }

        if (payments.Count == 0) return null;
        await using var update = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("""
                    UPDATE payments.card_vault v SET master_key = $1, wrapped_key = fresh.wrapped_key
                    FROM unnest($2, $3) AS fresh (payment, wrapped_key) WHERE v.payment = fresh.payment
                    """)
                {
                    Parameters = { new() { Value = set.Current.Id }, new() { Value = payments.ToArray() }, new() { Value = wrapped.ToArray() } },
                },
                new(RotationRecords.CountSql) { Parameters = { new() { Value = set.Current.Id }, new() { Value = (long)payments.Count } } },
            },
        };
        await update.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return (payments.Count, payments[^1]);
    }

    // What was altered opens under no key. It must not keep the old one in use for ever, so it changes hands as it is and stays as unreadable as it was.
    private byte[] Rewrap(MasterKeySet set, string payment, string masterKeyId, byte[] wrappedKey)
    {
        try
        {
            return CardCipher.Rewrap(wrappedKey, payment, set.Find(masterKeyId)!, set.Current);
        }
        catch (CryptographicException e)
        {
            LogAltered(e, payment);
            return wrappedKey;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The stored card of {Payment} was altered and does not open")]
    private partial void LogAltered(Exception exception, string payment);
}
