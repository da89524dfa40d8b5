using System.Collections.Frozen;

namespace OrleansPayments.Grains.Connectors;

/// <summary>The adapters that are built in, by provider name.</summary>
internal sealed class PaymentProviders(IEnumerable<IPaymentProvider> providers)
{
    private readonly FrozenDictionary<string, IPaymentProvider> _byName = providers.ToFrozenDictionary(provider => provider.Name, StringComparer.Ordinal);

    public IEnumerable<string> Names => _byName.Keys.Order(StringComparer.Ordinal);

    public IPaymentProvider? Find(string name) => _byName.GetValueOrDefault(name);
}
