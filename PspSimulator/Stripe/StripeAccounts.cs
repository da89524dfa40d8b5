using System.Runtime.CompilerServices;
using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Stripe's part of every account; as many as there are accounts.</summary>
internal sealed class StripeAccounts(TimeProvider time, RandomSource random, int capacity)
{
    private readonly ConditionalWeakTable<Account, StripeAccount> _accounts = [];

    public StripeAccount Of(Account account) =>
        _accounts.TryGetValue(account, out var known) ? known : _accounts.GetValue(account, added => new StripeAccount(added, time, random, capacity));
}
