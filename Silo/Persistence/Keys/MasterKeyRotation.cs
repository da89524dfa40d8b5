using Npgsql;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Silo.Api.KeyRotation;
using OrleansPayments.Silo.Persistence.CardVault;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Persistence.Keys;

/// <summary>
/// Exchanges the master key, in steps that each leave everything readable to a start that has the key file or the two configured keys:
/// <list type="number">
/// <item>The rotation is recorded. The new key goes into the key file, in front of the old one, and is on disk before anything is wrapped by it.</item>
/// <item>The ring is wrapped by the new key, in one transaction.</item>
/// <item>From now on cards are stored under the new key; those that are there are wrapped by it in batches, until a pass finds none.</item>
/// <item>The old key's row goes, which the database refuses as long as a card refers to it, and refuses cards under that key from then on.</item>
/// <item>The old key leaves the file, then the memory.</item>
/// </list>
/// Everything from the second step on is repeatable: a start that finds two keys, or a database that comes back, goes through it again. With keys from the
/// configuration a start does steps 2 and 3, and the operator does the rest.
/// </summary>
internal sealed partial class MasterKeyRotation(
    MasterKeys masterKeys, CardVaultRewrapping cards, PaymentsDatabase database, TimeProvider time, ILogger<MasterKeyRotation> logger)
    : BackgroundService, IMasterKeyRotation
{
    // Passes that find cards under the old key again, before it is left for later.
    private const int MaxPasses = 100;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly SemaphoreSlim _unfinished = new(0);

    /// <summary>What a test wants to do between two steps; the argument is the step that is done.</summary>
    internal Func<RotationStep, Task> StepDone { get; init; } = static _ => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<RotationResult> RotateAsync(string? idempotencyKey, CancellationToken stopping)
    {
        if (masterKeys.IsConfigured) return new RotationResult(RotationStatus.Configured);
        if (!await _one.WaitAsync(TimeSpan.Zero, stopping).ConfigureAwait(false)) return await WhileAnotherRunsAsync(idempotencyKey, stopping).ConfigureAwait(false);
        try
        {
            if (await BeginAsync(idempotencyKey, stopping).ConfigureAwait(false) is { } result) return result;
            return new RotationResult(RotationStatus.Completed, await FinishAsync(stopping).ConfigureAwait(false));
        }
        catch (NpgsqlException e) when (Outage.Is(e))
        {
            _unfinished.Release();
            throw new JournalUnavailableException("The master key cannot be exchanged now.", outcomeUnknown: true, e);
        }
        catch (OperationCanceledException e) when (stopping.IsCancellationRequested)
        {
            throw new JournalUnavailableException("The silo stops.", outcomeUnknown: true, e);
        }
        catch
        {
            _unfinished.Release();
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        _unfinished.Dispose();
        base.Dispose();
    }

    /// <summary>Steps 2 to 5; harmless when they are done.</summary>
    /// <returns>What the record says; null when the key was never exchanged.</returns>
    internal async Task<CompletedRotation?> FinishAsync(CancellationToken cancellation)
    {
        var set = await RewrapRingAsync(cancellation).ConfigureAwait(false);
        await StepDone(RotationStep.RingRewrapped).ConfigureAwait(false);
        for (var pass = 1; !await TryRetireAsync(set, cancellation).ConfigureAwait(false); pass++)
        {
            if (pass == MaxPasses) throw new InvalidOperationException("Somebody keeps storing cards under the old master key.");
        }

        await StepDone(RotationStep.Retired).ConfigureAwait(false);
        return await CompleteAsync(set, cancellation).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (masterKeys.Set.Previous.IsEmpty) await _unfinished.WaitAsync(stoppingToken).ConfigureAwait(false);
        while (true)
        {
            if (await TryFinishAsync(stoppingToken).ConfigureAwait(false)) await _unfinished.WaitAsync(stoppingToken).ConfigureAwait(false);
            else await Task.Delay(RetryInterval, time, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryFinishAsync(CancellationToken stopping)
    {
        await _one.WaitAsync(stopping).ConfigureAwait(false);
        try
        {
            await FinishAsync(stopping).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogUnfinished(e);
            return false;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<RotationResult> WhileAnotherRunsAsync(string? idempotencyKey, CancellationToken cancellation)
    {
        if (idempotencyKey is null) return new RotationResult(RotationStatus.InProgress);
        await using var locked = await BeginTransactionAsync(cancellation).ConfigureAwait(false);
        return await RepetitionAsync(locked, idempotencyKey, cancellation).ConfigureAwait(false) ?? new RotationResult(RotationStatus.InProgress);
    }

    private static async Task<RotationResult?> RepetitionAsync(KeyTransaction locked, string idempotencyKey, CancellationToken cancellation) =>
        await RotationRecords.OfRequestAsync(locked, idempotencyKey, cancellation).ConfigureAwait(false) switch
        {
            null => null,
            { FinishedAt: { } at } record => new RotationResult(RotationStatus.Replayed, new CompletedRotation(record.MasterKeyId, at, record.Rewrapped)),
            _ => new RotationResult(RotationStatus.RepetitionInProgress),
        };

    // Step 1. Null when it is done and the others may follow.
    private async Task<RotationResult?> BeginAsync(string? idempotencyKey, CancellationToken cancellation)
    {
        var key = MasterKey.Generate();
        await using (var locked = await BeginTransactionAsync(cancellation).ConfigureAwait(false))
        {
            if (idempotencyKey is not null && await RepetitionAsync(locked, idempotencyKey, cancellation).ConfigureAwait(false) is { } repetition) return repetition;
            var present = masterKeys.File.Read();

            // Two keys, or another one than this silo uses: a rotation is under way, be it another silo's.
            if (present.Length > 1 || present[0].Id != masterKeys.Set.Current.Id) return new RotationResult(RotationStatus.InProgress);
            await RotationRecords.AddAsync(locked, key, idempotencyKey, time.GetUtcNow(), cancellation).ConfigureAwait(false);
            await locked.CommitAsync(cancellation).ConfigureAwait(false);
        }

        await StepDone(RotationStep.Recorded).ConfigureAwait(false);
        await using (var locked = await BeginTransactionAsync(cancellation).ConfigureAwait(false))
        {
            masterKeys.File.Write(key, masterKeys.Set.Current);
        }

        LogBegun(masterKeys.Set.Current.Id, key.Id);
        await StepDone(RotationStep.KeyAdded).ConfigureAwait(false);
        return null;
    }

    // Step 2. The file is read again, because it decides: what is wrapped by a key that is in no file is lost.
    private async Task<MasterKeySet> RewrapRingAsync(CancellationToken cancellation)
    {
        await using var locked = await BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var set = masterKeys.Read() ?? throw new SecurityFileException($"{masterKeys.File.Path} is gone: restore it from its backup.");
        if (!set.Previous.IsEmpty) await RotationRecords.AddAsync(locked, set.Current, null, time.GetUtcNow(), cancellation).ConfigureAwait(false);
        var rewrapped = await KeyRingStore.RewrapAsync(locked, set, cancellation).ConfigureAwait(false);
        await locked.ExecuteAsync(RotationRecords.CountSql, cancellation, set.Current.Id, (long)rewrapped).ConfigureAwait(false);
        await locked.CommitAsync(cancellation).ConfigureAwait(false);
        masterKeys.Use(set);
        return set;
    }

    // Steps 3 and 4. False when a card was stored under the old key meanwhile.
    private async Task<bool> TryRetireAsync(MasterKeySet set, CancellationToken cancellation)
    {
        while (await cards.PassAsync(set, cancellation).ConfigureAwait(false) > 0)
        {
            await StepDone(RotationStep.CardsRewrapped).ConfigureAwait(false);
        }

        if (masterKeys.IsConfigured) return true;
        try
        {
            await using var locked = await BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await locked.ExecuteAsync("DELETE FROM payments.master_key WHERE id = ANY($1)", cancellation, (object)set.Previous.Select(key => key.Id).ToArray()).ConfigureAwait(false);
            await locked.CommitAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return false;
        }
    }

    // Step 5.
    private async Task<CompletedRotation?> CompleteAsync(MasterKeySet set, CancellationToken cancellation)
    {
        await using var locked = await BeginTransactionAsync(cancellation).ConfigureAwait(false);
        if (!masterKeys.IsConfigured)
        {
            var present = masterKeys.File.Read();
            if (present[0].Id != set.Current.Id) throw new SecurityFileException($"{masterKeys.File.Path} was changed by somebody else.");
            if (present.Length > 1) masterKeys.File.Write(present[0]);
            masterKeys.File.RemoveLeftovers();
            await StepDone(RotationStep.KeyDropped).ConfigureAwait(false);
        }

        await RotationRecords.TidyAsync(locked, set, time.GetUtcNow(), cancellation).ConfigureAwait(false);
        await RotationRecords.FinishAsync(locked, set.Current, time.GetUtcNow(), cancellation).ConfigureAwait(false);
        var record = await RotationRecords.ToKeyAsync(locked, set.Current.Id, cancellation).ConfigureAwait(false);
        await locked.CommitAsync(cancellation).ConfigureAwait(false);

        // A configured previous key stays: the silos of a cluster are given the new one after another.
        masterKeys.Use(masterKeys.Read()!);
        if (record is not { FinishedAt: { } at }) return null;
        LogFinished(record.MasterKeyId, record.Rewrapped);
        return new CompletedRotation(record.MasterKeyId, at, record.Rewrapped);
    }

    private Task<KeyTransaction> BeginTransactionAsync(CancellationToken cancellation) => KeyTransaction.BeginAsync(database.Source, cancellation);

    [LoggerMessage(1, LogLevel.Information, "The master key {OldId} is exchanged for {NewId}")]
    private partial void LogBegun(string oldId, string newId);

    [LoggerMessage(2, LogLevel.Information, "Everything is wrapped by the master key {MasterKeyId}, {Rewrapped} keys of it anew; no previous one is needed any more")]
    private partial void LogFinished(string masterKeyId, long rewrapped);

    [LoggerMessage(3, LogLevel.Error, "The exchange of the master key is not finished; it is tried again, and by the next start")]
    private partial void LogUnfinished(Exception exception);
}

/// <summary>The steps of a rotation, for the tests that break it off after each.</summary>
internal enum RotationStep
{
    Recorded,
    KeyAdded,
    RingRewrapped,
    CardsRewrapped,
    Retired,
    KeyDropped,
}
