using System.Diagnostics.Metrics;

namespace OrleansPayments.Silo.Persistence.CardVault;

/// <summary>The meter <c>OrleansPayments.CardVault</c>: numbers of cards and nothing about any.</summary>
public sealed class CardVaultMetrics : IDisposable
{
    public const string MeterName = "OrleansPayments.CardVault";

    private readonly Meter _meter;
    private readonly Counter<long> _stored;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _destroyed;
    private readonly Counter<long> _expired;

    public CardVaultMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _stored = _meter.CreateCounter<long>("card_vault.stored", "{card}", "Cards stored, replacements included.");
        _opened = _meter.CreateCounter<long>("card_vault.opened", "{card}", "Cards opened.");
        _unreadable = _meter.CreateCounter<long>("card_vault.unreadable", "{card}", "Times a card was there and did not open.");
        _destroyed = _meter.CreateCounter<long>("card_vault.destroyed", "{card}", "Cards destroyed when their payments asked for it.");
        _expired = _meter.CreateCounter<long>("card_vault.expired", "{card}", "Cards destroyed because their time was up.");
    }

    public void Dispose() => _meter.Dispose();

    internal void Stored() => _stored.Add(1);

    internal void Opened() => _opened.Add(1);

    internal void Unreadable() => _unreadable.Add(1);

    internal void Destroyed() => _destroyed.Add(1);

    internal void Expired(int cards) => _expired.Add(cards);
}
