using System.Collections.Immutable;
using OrleansPayments.Silo.Api.Json;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>The common parameters of lists: <c>limit</c> (1 to 100, 20 if not given) and <c>starting_after</c> (the last id of the page before).</summary>
internal static class Paging
{
    public const string Limit = "limit";
    public const string StartingAfter = "starting_after";
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;

    /// <summary>Longer than any id.</summary>
    public const int MaxIdLength = 100;

    public static int ReadLimit(QueryFields query) => query.Integer(Limit, 1, MaxLimit, DefaultLimit);

    /// <summary>Cuts a page out of a list that is in memory whole.</summary>
    /// <param name="all">In the order in which the pages show it.</param>
    public static (ImmutableArray<T> Items, bool HasMore) Cut<T>(IEnumerable<T> all, Func<T, string> idOf, HttpRequest request, Faults faults)
    {
        var query = QueryFields.Read(request, faults, Limit, StartingAfter);
        var limit = ReadLimit(query);
        var rest = all;
        if (query.Text(StartingAfter, MaxIdLength) is { } cursor)
        {
            rest = all.SkipWhile(item => idOf(item) != cursor);
            if (!rest.Any()) query.Refuse(StartingAfter, "The list has no such element.");
            rest = rest.Skip(1);
        }

        var page = rest.Take(limit + 1).ToImmutableArray();
        return (page.Length > limit ? page[..limit] : page, page.Length > limit);
    }
}
