using OrleansPayments.Grains.Shared.Statistics;
using OrleansPayments.Merchants;

namespace OrleansPayments.Grains.Merchants;

/// <summary>The volume of one currency in each part of a window, in minor units. Sums have 128 bits, which as many 64-bit amounts as can be counted do not fill.</summary>
internal sealed class VolumeWindow(Currency currency)
{
    private readonly int[] _payments = new int[OutcomeWindow.Buckets];
    private readonly Int128[] _amounts = new Int128[OutcomeWindow.Buckets];

    public int Payments => _payments.Sum();

    public void Add(int bucket, long minorUnits)
    {
        _payments[bucket]++;
        _amounts[bucket] += minorUnits;
    }

    public void Forget(int bucket)
    {
        _payments[bucket] = 0;
        _amounts[bucket] = 0;
    }

    public MerchantVolume ToView()
    {
        Int128 sum = 0;
        foreach (var amount in _amounts) sum += amount;
        return new MerchantVolume(currency, Payments, sum <= long.MaxValue ? (long)sum : null);
    }
}
