using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.World;

/// <summary>All accounts. Any well-formed name is one; it comes into being with its first use.</summary>
internal sealed class SimulatedAccounts(SimulatorOptions options, CallbackSender sender, RandomSource random)
{
    private const int MaxNameLength = 64;

    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>False, with a sentence for the caller, for a malformed name or one account too many.</summary>
    public bool TryGet(string? name, [NotNullWhen(true)] out Account? account, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (name is not null && _accounts.TryGetValue(name, out account)) return true;

        account = null;
        if (!IsWellFormed(name))
        {
            problem = "account: use 1 to 64 letters, digits, '-' or '_'.";
            return false;
        }

        lock (_lock)
        {
            if (_accounts.Count >= options.MaxAccounts && !_accounts.ContainsKey(name))
            {
                problem = $"account: this simulator already holds {options.MaxAccounts} accounts.";
                return false;
            }

            account = _accounts.GetOrAdd(name, key => new Account(key, options, sender, random));
            return true;
        }
    }

    private static bool IsWellFormed([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
