using System.Security.Cryptography;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence.Keys;

/// <summary>Keeps the <see cref="KeyRing"/> in the database, wrapped by the master key.</summary>
internal sealed partial class KeyRingStore(MasterKeys masterKeys, KeyRing ring, PaymentsDatabase database, TimeProvider time, ILogger<KeyRingStore> logger)
{
    /// <summary>
    /// Loads ring and master keys; the first start on a database makes the ring. Everything happens under the lock of the ring, so of silos that start together
    /// one makes it and the others read the same.
    /// </summary>
    /// <exception cref="SecurityFileException">The master key is not the one that this database needs, or there is none; the message says what to do.</exception>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        await using var locked = await KeyTransaction.BeginAsync(database.Source, cancellation).ConfigureAwait(false);
        var rows = await ReadAsync(locked, cancellation).ConfigureAwait(false);
        var isUsed = await locked.ScalarAsync("SELECT EXISTS (SELECT FROM payments.journal)", cancellation).ConfigureAwait(false) is true;
        var set = masterKeys.Read(mayCreate: rows.Count == 0 && !isUsed) ?? throw new SecurityFileException(
            $"{masterKeys.File.Path} is missing and this database needs the master key that was in it: restore it from its backup, or set Encryption__MasterKey if "
            + "the key came from there.");
        await RegisterAsync(locked, set.Current, cancellation).ConfigureAwait(false);
        var keys = Open(rows, set);
        await AddMissingAsync(locked, keys, set, wasInUse: rows.Count == 0 && isUsed, cancellation).ConfigureAwait(false);
        await RotationRecords.TidyAsync(locked, set, time.GetUtcNow(), cancellation).ConfigureAwait(false);
        var strangers = await locked.ScalarAsync(
            "SELECT count(*) FROM payments.card_vault WHERE master_key <> ALL($1)", cancellation, (object)set.Ids.ToArray()).ConfigureAwait(false);
        await locked.CommitAsync(cancellation).ConfigureAwait(false);

        ring.Load(keys);
        masterKeys.Use(set);
        LogLoaded(keys.Count, set.Current.Id);
        if (strangers is long and > 0) LogStrangers((long)strangers);
    }

    /// <summary>Wraps by the current key what another one wraps; harmless when there is nothing.</summary>
    /// <returns>How many keys.</returns>
    /// <exception cref="SecurityFileException">The set lacks a key that is needed.</exception>
    public static async Task<int> RewrapAsync(KeyTransaction locked, MasterKeySet set, CancellationToken cancellation)
    {
        await RegisterAsync(locked, set.Current, cancellation).ConfigureAwait(false);
        var rows = await ReadAsync(locked, cancellation).ConfigureAwait(false);
        var keys = Open(rows, set);
        var rewrapped = 0;
        foreach (var row in rows.Where(row => row.MasterKeyId != set.Current.Id))
        {
            rewrapped += await locked.ExecuteAsync(
                "UPDATE payments.key_ring SET master_key = $2, wrapped_key = $3 WHERE purpose = $1", cancellation,
                row.Purpose, set.Current.Id, set.Current.Wrap(keys[row.Purpose], ContextOf(row.Purpose))).ConfigureAwait(false);
        }

        return rewrapped;
    }

    private static Task<IReadOnlyList<Row>> ReadAsync(KeyTransaction locked, CancellationToken cancellation) => locked.ReadAsync(
        "SELECT purpose, master_key, wrapped_key FROM payments.key_ring",
        reader => new Row(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2)),
        cancellation);

    // What is wrapped by it refers to it.
    private static Task<int> RegisterAsync(KeyTransaction locked, MasterKey key, CancellationToken cancellation) =>
        locked.ExecuteAsync("INSERT INTO payments.master_key (id, first_used_at) VALUES ($1, now()) ON CONFLICT DO NOTHING", cancellation, key.Id);

    private static Dictionary<string, byte[]> Open(IReadOnlyList<Row> rows, MasterKeySet set)
    {
        if (rows.FirstOrDefault(row => set.Find(row.MasterKeyId) is null) is { } foreign)
        {
            throw new SecurityFileException(
                $"This database's keys are wrapped by the master key {foreign.MasterKeyId} and this silo has {set}. Give it that key: restore master.key, or set "
                + "Encryption__MasterKey; where the key was exchanged meanwhile, the new one, or the old one as Encryption__PreviousMasterKey. See docs/keys.md.");
        }

        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            try
            {
                keys[row.Purpose] = set.Find(row.MasterKeyId)!.Unwrap(row.WrappedKey, ContextOf(row.Purpose));
            }
            catch (CryptographicException e)
            {
                throw new SecurityFileException($"The row '{row.Purpose}' of payments.key_ring was altered: restore the table from a backup. See docs/keys.md.", e);
            }
        }

        return keys;
    }

    // An installation from before the ring goes on with the values that it derived, or stored fingerprints, keys and credentials would be worth nothing. They
    // were derived from the key of that time, which is the previous one if it is exchanged with this very start.
    private async Task AddMissingAsync(
        KeyTransaction locked, Dictionary<string, byte[]> keys, MasterKeySet set, bool wasInUse, CancellationToken cancellation)
    {
        var isNew = keys.Count == 0;
        foreach (var purpose in KeyPurpose.All.Where(purpose => !keys.ContainsKey(purpose.Name)))
        {
            if (!isNew && purpose.WasDerived)
            {
                throw new SecurityFileException($"payments.key_ring lacks the row '{purpose.Name}': restore the table from a backup. See docs/keys.md.");
            }

            var key = wasInUse && purpose.WasDerived
                ? (set.Previous.LastOrDefault() ?? set.Current).Derive(purpose.Name)
                : RandomNumberGenerator.GetBytes(AesGcmEnvelope.KeyLength);
            await locked.ExecuteAsync(
                "INSERT INTO payments.key_ring (purpose, master_key, wrapped_key, created_at) VALUES ($1, $2, $3, $4)", cancellation,
                purpose.Name, set.Current.Id, set.Current.Wrap(key, ContextOf(purpose.Name)), time.GetUtcNow().UtcDateTime).ConfigureAwait(false);
            keys.Add(purpose.Name, key);
            LogMade(purpose.Name);
        }
    }

    private static string ContextOf(string purpose) => "key-ring/" + purpose;

    [LoggerMessage(1, LogLevel.Information, "The key ring of {Keys} keys is open; the master key is {MasterKeyId}")]
    private partial void LogLoaded(int keys, string masterKeyId);

    [LoggerMessage(2, LogLevel.Information, "The key ring got its key for {Purpose}")]
    private partial void LogMade(string purpose);

    [LoggerMessage(3, LogLevel.Error, "{Cards} cards in the vault are wrapped by a master key that this silo does not have, and do not open")]
    private partial void LogStrangers(long cards);

    private sealed class Row(string purpose, string masterKeyId, byte[] wrappedKey)
    {
        public string Purpose { get; } = purpose;

        public string MasterKeyId { get; } = masterKeyId;

        public byte[] WrappedKey { get; } = wrappedKey;
    }
}
