using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OrleansPayments.Grains.Tests.OrleansEngine;

/// <summary>
/// Values of messages, made and compared by their fields, so that a member which nobody thought of is covered all the same. No two values are alike: a member
/// that is taken for another shows.
/// </summary>
internal sealed class MessageSamples
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private int _last = 1_000;

    /// <summary>A value with nothing left at its default.</summary>
    /// <exception cref="NotSupportedException">A member's type is of a kind that no message had so far.</exception>
    public object Filled(Type type)
    {
        var next = ++_last;
        if (type == typeof(string)) return string.Create(CultureInfo.InvariantCulture, $"text {next}");
        if (type == typeof(int)) return next;
        if (type == typeof(long)) return next + 5_000_000_000L;
        if (type == typeof(byte)) return (byte)(1 + (next % 255));
        if (type == typeof(double)) return next + 0.5;
        if (type == typeof(decimal)) return next + 0.25m;
        if (type == typeof(bool)) return true;
        if (type == typeof(TimeSpan)) return TimeSpan.FromSeconds(next);
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.UnixEpoch.AddSeconds(next).ToOffset(TimeSpan.FromHours(2));
        if (type.IsEnum) return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Filled(underlying);
        if (type == typeof(ImmutableSortedDictionary<string, string>))
        {
            return ImmutableSortedDictionary.CreateRange([KeyValuePair.Create($"b {next}", "2"), KeyValuePair.Create($"a {next}", "1")]);
        }

        if (IsImmutableArray(type))
        {
            var element = type.GetGenericArguments()[0];
            var items = Array.CreateInstance(element, 2);
            for (var at = 0; at < items.Length; at++) items.SetValue(Filled(element), at);
            return ArrayOf(element, items);
        }

        if (!IsOurs(type)) throw new NotSupportedException($"No sample of {type}: teach {nameof(MessageSamples)} to make and to compare it.");
        return Made(type, Filled);
    }

    /// <summary>A value with as little in it as its type allows: null, empty, zero.</summary>
    public object Empty(Type type)
    {
        if (type == typeof(ImmutableSortedDictionary<string, string>)) return ImmutableSortedDictionary<string, string>.Empty;
        if (IsImmutableArray(type)) return ArrayOf(type.GetGenericArguments()[0], Array.CreateInstance(type.GetGenericArguments()[0], 0));
        if (!IsOurs(type)) return type == typeof(string) ? "" : RuntimeHelpers.GetUninitializedObject(type);
        return Made(type, member => IsOurs(member) && !member.IsValueType ? null : member == typeof(string) ? null : Empty(member));
    }

    /// <summary>Where two values differ, as a path from the message; null when they are the same all through.</summary>
    public static string? Difference(object? expected, object? actual, string path)
    {
        if (expected is null || actual is null) return ReferenceEquals(expected, actual) ? null : $"{path}: {expected ?? "null"} became {actual ?? "null"}";
        var type = expected.GetType();
        if (type != actual.GetType()) return $"{path}: {type} became {actual.GetType()}";
        if (expected is DateTimeOffset time) return time.EqualsExact((DateTimeOffset)actual) ? null : $"{path}: {expected} became {actual}";
        if (expected is ImmutableSortedDictionary<string, string> pairs)
        {
            return pairs.SequenceEqual((ImmutableSortedDictionary<string, string>)actual) ? null : $"{path}: other entries";
        }

        if (IsImmutableArray(type))
        {
            var (before, after) = (Items(expected), Items(actual));
            if (before.Count != after.Count) return $"{path}: {before.Count} items became {after.Count}";
            return before.Select((item, at) => Difference(item, after[at], $"{path}[{at}]")).FirstOrDefault(difference => difference is not null);
        }

        if (!IsOurs(type) || type.IsEnum) return expected.Equals(actual) ? null : $"{path}: {expected} became {actual}";
        return Fields(type).Select(field => Difference(field.GetValue(expected), field.GetValue(actual), $"{path}.{field.Name}")).FirstOrDefault(found => found is not null);
    }

    private static object Made(Type type, Func<Type, object?> value)
    {
        var made = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var field in Fields(type)) field.SetValue(made, value(field.FieldType));
        return made;
    }

    private static IEnumerable<FieldInfo> Fields(Type? type) => type is null ? [] : type.GetFields(Own).Concat(Fields(type.BaseType));

    private static bool IsOurs(Type type) => type.Assembly == typeof(Money).Assembly;

    private static bool IsImmutableArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    private static object ArrayOf(Type element, Array items) =>
        typeof(MessageSamples).GetMethod(nameof(ToImmutable), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(element).Invoke(null, [items])!;

    private static ImmutableArray<T> ToImmutable<T>(T[] items) => [.. items];

    private static List<object?> Items(object array) => [.. ((System.Collections.IEnumerable)array).Cast<object?>()];
}
