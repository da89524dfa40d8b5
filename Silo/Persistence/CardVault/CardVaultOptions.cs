namespace OrleansPayments.Silo.Persistence.CardVault;

/// <summary>The card vault's upkeep. Section <c>CardVault</c>.</summary>
public sealed class CardVaultOptions
{
    /// <summary>How often cards whose time is up are looked for. 1 second to 1 hour; default: 1 min.</summary>
    public TimeSpan JanitorInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Cards in one transaction, of the janitor and of a rotation of the master key. 1 to 10 000; default: 200.</summary>
    public int BatchSize { get; set; } = 200;

    /// <exception cref="InvalidOperationException">A value is out of its range; the message names it.</exception>
    public void ThrowIfInvalid()
    {
        Require(
            JanitorInterval >= TimeSpan.FromSeconds(1) && JanitorInterval <= TimeSpan.FromHours(1), "CardVault:JanitorInterval must be from 00:00:01 to 01:00:00.");
        Require(BatchSize is >= 1 and <= 10_000, "CardVault:BatchSize must be from 1 to 10000.");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new InvalidOperationException(rule);
    }
}
