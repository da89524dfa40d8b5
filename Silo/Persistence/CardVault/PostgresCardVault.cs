using System.Security.Cryptography;
using Npgsql;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence.CardVault;

/// <summary>
/// The card vault on PostgreSQL; <see cref="CardCipher"/> has the form. A row refers to the master key that wraps its key, and a master key's row goes only when
/// nothing refers to it. So a store that took the old key and comes after a rotation's end is refused by the database, and is done again with the new key.
/// </summary>
internal sealed class PostgresCardVault(PaymentsDatabase database, MasterKeys masterKeys, CardVaultMetrics metrics) : ICardVault
{
    private const int CommandTimeoutSeconds = 10;

    // A rotation ends between reading the master key and using it at most once in a while.
    private const int MaxTries = 4;

    private const string StoreSql = """
        INSERT INTO payments.card_vault (payment, master_key, wrapped_key, card, destroy_after) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (payment) DO UPDATE SET
            master_key = excluded.master_key, wrapped_key = excluded.wrapped_key, card = excluded.card, destroy_after = excluded.destroy_after
        """;

    public async Task Store(PaymentId payment, CardDetails card, DateTimeOffset destroyAfter)
    {
        ArgumentNullException.ThrowIfNull(card);
        for (var attempt = 1; !await TryStoreAsync(payment, card, destroyAfter).ConfigureAwait(false); attempt++)
        {
            if (attempt == MaxTries) throw new JournalUnavailableException("The master key is being exchanged.");
        }

        metrics.Stored();
    }

    public async Task<CardDetails?> Open(PaymentId payment)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await ReadAsync(payment).ConfigureAwait(false) is not { } row) return null;
            try
            {
                if (masterKeys.Set.Find(row.MasterKeyId) is { } masterKey)
                {
                    var card = CardCipher.Open(row.Card, row.WrappedKey, payment, masterKey);
                    metrics.Opened();
                    return card;
                }
            }
            catch (CryptographicException)
            {
                metrics.Unreadable();
                throw;
            }

            // Read before a rotation's end and opened after it: the row has the new key by now.
            if (attempt < MaxTries) continue;
            metrics.Unreadable();
            throw new CryptographicException($"The card is wrapped by the master key {row.MasterKeyId}, which this silo does not have.");
        }
    }

    public async Task Destroy(PaymentId payment)
    {
        if (await ExecuteAsync("DELETE FROM payments.card_vault WHERE payment = $1", payment.Value).ConfigureAwait(false) > 0) metrics.Destroyed();
    }

    private async Task<bool> TryStoreAsync(PaymentId payment, CardDetails card, DateTimeOffset destroyAfter)
    {
        var masterKey = masterKeys.Set.Current;
        var (sealedCard, wrappedKey) = CardCipher.Seal(card, payment, masterKey);
        try
        {
            await ExecuteAsync(StoreSql, payment.Value, masterKey.Id, wrappedKey, sealedCard, destroyAfter.UtcDateTime).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            // Either the key was replaced a moment ago, or another silo has retired it, whose new key this silo was not given: what it knows stays in use.
            if (masterKeys.Set.Current.Id == masterKey.Id)
            {
                await ExecuteAsync("INSERT INTO payments.master_key (id, first_used_at) VALUES ($1, now()) ON CONFLICT DO NOTHING", masterKey.Id).ConfigureAwait(false);
            }

            return false;
        }
    }

    // Two statements in one round trip, which are one transaction.
    private async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync().ConfigureAwait(false);
            await using var batch = new NpgsqlBatch(connection) { Timeout = CommandTimeoutSeconds };
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Durability.Sql));
#pragma warning disable CA2100 // The callers pass constants; every value is a parameter.
            var command = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            batch.BatchCommands.Add(command);
            await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
            return checked((int)command.Rows);
        }
        catch (NpgsqlException e) when (Outage.Is(e))
        {
            throw new JournalUnavailableException("The card vault cannot be written now.", outcomeUnknown: true, e);
        }
    }

    private async Task<Row?> ReadAsync(PaymentId payment)
    {
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync().ConfigureAwait(false);
            await using var command = connection.CreateCommand();
            command.CommandTimeout = CommandTimeoutSeconds;
            command.CommandText = "SELECT master_key, wrapped_key, card FROM payments.card_vault WHERE payment = $1";
            command.Parameters.Add(new() { Value = payment.Value });
            await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
            return await reader.ReadAsync().ConfigureAwait(false)
                ? new Row(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2))
                : null;
        }
        catch (NpgsqlException e) when (Outage.Is(e))
        {
            throw new JournalUnavailableException("The card vault cannot be read now.", e);
        }
    }

    private sealed class Row(string masterKeyId, byte[] wrappedKey, byte[] card)
    {
        public string MasterKeyId { get; } = masterKeyId;

        public byte[] WrappedKey { get; } = wrappedKey;

        public byte[] Card { get; } = card;
    }
}
