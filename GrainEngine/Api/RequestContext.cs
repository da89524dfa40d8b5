namespace Orleans.Runtime;

/// <summary>
/// Values that travel with a call and with the calls it makes. They flow into a grain and never back: what the grain changes stays there.
/// Nothing else of the caller's execution context does.
/// </summary>
public static class RequestContext
{
    internal const string ReentrancyKey = "#CCR";

    // The dictionary is never changed once it is stored, so a call can hand it on without a copy.
    private static readonly AsyncLocal<Dictionary<string, object>?> Values = new();

    /// <summary>Identifies the call chain that may re-enter its grains; empty when none may.</summary>
    public static Guid ReentrancyId
    {
        get => Get(ReentrancyKey) is Guid id ? id : Guid.Empty;
        set
        {
            if (value == Guid.Empty)
                Remove(ReentrancyKey);
            else
                Set(ReentrancyKey, value);
        }
    }

    public static IEnumerable<string> Keys => Values.Value?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries => Values.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    /// <summary>What the next call carries; null when nothing.</summary>
    internal static Dictionary<string, object>? Current
    {
        get => Values.Value;
        set => Values.Value = value;
    }

    /// <summary>Until disposed, calls that come back to this grain along the present call chain are admitted though the call is in flight.</summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var original = ReentrancyId;
        // Drawn once per outermost section and compared for equality only, so no order or outcome depends on its value.
        return new(original, original == Guid.Empty ? Guid.NewGuid() : original);
    }

    /// <summary>Until disposed, the call chain may not re-enter this grain.</summary>
    public static ReentrancySection SuppressCallChainReentrancy() => new(ReentrancyId, Guid.Empty);

    public static object? Get(string key) => Values.Value?.GetValueOrDefault(key);

    public static void Set(string key, object value)
    {
        var copy = Values.Value is { } old ? new Dictionary<string, object>(old) : new Dictionary<string, object>(1);
        copy[key] = value;
        Values.Value = copy;
    }

    public static bool Remove(string key)
    {
        if (Values.Value is not { } old || !old.ContainsKey(key))
            return false;
        var copy = new Dictionary<string, object>(old);
        copy.Remove(key);
        Values.Value = copy.Count == 0 ? null : copy;
        return true;
    }

    public static void Clear() => Values.Value = null;

    /// <summary>The extent of a permission or a ban to re-enter; see <see cref="AllowCallChainReentrancy"/>.</summary>
    public readonly struct ReentrancySection : IDisposable, IEquatable<ReentrancySection>
    {
        private readonly Guid _originalReentrancyId;
        private readonly Guid _newReentrancyId;

        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
        {
            _originalReentrancyId = originalReentrancyId;
            _newReentrancyId = newReentrancyId;
            if (newReentrancyId != originalReentrancyId)
                ReentrancyId = newReentrancyId;
            if (newReentrancyId != Guid.Empty)
                (RuntimeContext.Current as ICallChainReentrantGrainContext)?.OnEnterReentrantSection(newReentrancyId);
        }

        public void Dispose()
        {
            if (_newReentrancyId != Guid.Empty)
                (RuntimeContext.Current as ICallChainReentrantGrainContext)?.OnExitReentrantSection(_newReentrancyId);
            if (_newReentrancyId != _originalReentrancyId)
                ReentrancyId = _originalReentrancyId;
        }

        public bool Equals(ReentrancySection other) =>
            _originalReentrancyId == other._originalReentrancyId && _newReentrancyId == other._newReentrancyId;

        public override bool Equals(object? obj) => obj is ReentrancySection other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_originalReentrancyId, _newReentrancyId);

        public static bool operator ==(ReentrancySection left, ReentrancySection right) => left.Equals(right);

        public static bool operator !=(ReentrancySection left, ReentrancySection right) => !left.Equals(right);
    }
}
