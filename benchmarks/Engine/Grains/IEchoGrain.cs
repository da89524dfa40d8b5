namespace OrleansPayments.Benchmarks.Engine.Grains;

/// <summary>The least that a grain can do, so that what is measured is the call.</summary>
[Alias("bench.echo")]
public interface IEchoGrain : IGrainWithIntegerKey
{
    /// <summary>Answers at once, with a task that exists already: the grain itself allocates nothing.</summary>
    [Alias("answer")]
    Task<bool> Answer(Question question);

    /// <summary>Answers after one hop through the scheduler.</summary>
    [Alias("answer_later")]
    Task<bool> AnswerLater(Question question);

    /// <summary>Lets another grain answer.</summary>
    [Alias("ask_on")]
    Task<bool> AskOn(Question question);
}

/// <summary>An argument of the size of a small command; the engines may pass it by reference.</summary>
[GenerateSerializer, Immutable, Alias("bench.question")]
public sealed record Question([property: Id(0)] string Text, [property: Id(1)] long Number)
{
    public static Question Example { get; } = new("What does a call cost?", 42);
}
